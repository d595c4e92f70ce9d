-- SPDX-License-Identifier: Apache-2.0
-- More values resumed with than a stack has room for.
-- expect: answer: values 240
-- run:
local t = {} for i = 1, 240 do t[i] = i end local co = coroutine.wrap(function(...) while true do coroutine.yield(select('#', ...)) end end) return 'values ' .. co(table.unpack(t))
