-- SPDX-License-Identifier: Apache-2.0
-- Constructors nested deeper than the C stack could follow.
-- expect: load error: overflow
-- fill: OPEN 60000 "{"
-- file:
local a = @OPEN@
