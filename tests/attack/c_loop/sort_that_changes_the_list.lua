-- SPDX-License-Identifier: Apache-2.0
-- An order function that empties the list it orders.
-- expect: answer: sorted
-- run:
local t = {} for i = 1, 200 do t[i] = 200 - i end table.sort(t, function(a, b) t[a] = nil return a < b end) return 'sorted'
