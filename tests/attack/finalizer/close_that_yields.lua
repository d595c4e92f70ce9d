-- SPDX-License-Identifier: Apache-2.0
-- A closing that leaves the coroutine in the middle.
-- expect: answer: closing end
-- run:
local co = coroutine.wrap(function() local x <close> = setmetatable({}, { __close = function() coroutine.yield('closing') end }) return 'end' end) return co() .. ' ' .. co()
