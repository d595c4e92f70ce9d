-- SPDX-License-Identifier: Apache-2.0
-- Numbers without an order.
-- expect: answer: sorted
-- run:
local t = {} for i = 1, 100 do t[i] = i % 3 == 0 and 0/0 or i end table.sort(t) return 'sorted'
