-- SPDX-License-Identifier: Apache-2.0
-- An order that says yes and no in turn.
-- expect: answer: sorted
-- run:
local n = 0 local m = { __lt = function() n = n + 1 return n % 2 == 0 end } local t = {} for i = 1, 200 do t[i] = setmetatable({}, m) end table.sort(t) return 'sorted'
