-- SPDX-License-Identifier: Apache-2.0
-- More values yielded than the resumer has room for.
-- expect: answer: values 240000
-- run:
local t = {} for i = 1, 240 do t[i] = i end local co = coroutine.wrap(function() while true do coroutine.yield(table.unpack(t)) end end) local n = 0 for i = 1, 1000 do n = n + select('#', co()) end return 'values ' .. n
