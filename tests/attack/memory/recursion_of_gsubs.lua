-- SPDX-License-Identifier: Apache-2.0
-- A recursion through a function in C.
-- expect: rule_error: overflow
-- run:
local function f() return (('x'):gsub('x', f)) end f()
