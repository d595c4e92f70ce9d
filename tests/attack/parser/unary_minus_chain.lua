-- SPDX-License-Identifier: Apache-2.0
-- A chain of unary operators: one recursion each.
-- expect: load error: overflow
-- fill: CHAIN 30000 "- "
-- file:
local x = @CHAIN@1
