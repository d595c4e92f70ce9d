-- SPDX-License-Identifier: Apache-2.0
-- Each resumes the next: a recursion of the C stack.
-- expect: rule_error: C stack overflow
-- run:
local function g(n) return coroutine.wrap(function() return g(n + 1) end)() end g(1)
