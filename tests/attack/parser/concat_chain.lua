-- SPDX-License-Identifier: Apache-2.0
-- A right associative chain: one recursion and one register for each part.
-- expect: load error: overflow
-- fill: CHAIN 12000 "..'a'"
-- file:
local x = 'a' @CHAIN@
