-- SPDX-License-Identifier: Apache-2.0
-- Two coroutines, each short of the interval when the other goes on.
-- expect: rule_overrun
-- run:
local function work() while true do for i = 1, 300 do end coroutine.yield() end end local a, b = coroutine.wrap(work), coroutine.wrap(work) while true do a() b() end
