-- SPDX-License-Identifier: Apache-2.0
-- An order function that sorts.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 3000 do t[i] = -i end while true do table.sort(t, function(a, b) table.sort({ 3, 2, 1 }) return a < b end) end
