-- SPDX-License-Identifier: Apache-2.0
-- A yield in the function of a loop.
-- expect: answer: next got
-- run:
local co = coroutine.wrap(function() for i in function() return coroutine.yield('next') end do return i end end) return co() .. ' ' .. co('got')
