-- SPDX-License-Identifier: Apache-2.0
-- A coroutine outside that remembers.
-- expect: load error: may not reach a coroutine
local co = coroutine.create(function() local n = 0 while true do n = n + 1 coroutine.yield(n) end end)
-- run:
return 'call ' .. select(2, coroutine.resume(co))
