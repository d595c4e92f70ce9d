-- SPDX-License-Identifier: Apache-2.0
-- The other right associative operator.
-- expect: load error: overflow
-- fill: CHAIN 12000 "^2"
-- file:
local x = 2 @CHAIN@
