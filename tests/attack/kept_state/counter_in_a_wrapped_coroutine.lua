-- SPDX-License-Identifier: Apache-2.0
-- The same, wrapped.
-- expect: load error: may not reach an iterator
local co = coroutine.wrap(function() local n = 0 while true do n = n + 1 coroutine.yield(n) end end)
-- run:
return 'call ' .. co()
