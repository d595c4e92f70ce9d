-- SPDX-License-Identifier: Apache-2.0
-- 20,000 coroutines, each closing the one before it: Lua 5.4.4 recursed once for each.
-- expect: rule_error: more than 1000 coroutines
-- run:
local last for i = 1, 20000 do local before = last last = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() if before then coroutine.resume(before) end end }) coroutine.yield() end) coroutine.resume(last) end
