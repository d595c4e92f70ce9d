-- SPDX-License-Identifier: Apache-2.0
-- Passing on thousands of values is one instruction.
-- expect: rule_error: more than 250 values
-- run:
local function loop(...) while true do select('#', ...) end end local function g(n, ...) if n == 0 then return loop(...) end return g(n - 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...) end g(1000)
