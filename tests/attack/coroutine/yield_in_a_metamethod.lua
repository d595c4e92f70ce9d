-- SPDX-License-Identifier: Apache-2.0
-- A yield within an operator.
-- expect: answer: in out
-- run:
local t = setmetatable({}, { __add = function() return coroutine.yield('in') end }) local co = coroutine.wrap(function() return t + 1 end) return co() .. ' ' .. co('out')
