-- SPDX-License-Identifier: Apache-2.0
-- A recursion through a library function.
-- expect: rule_error: stack overflow
-- run:
local function f() table.sort({ 1, 2 }, f) end f()
