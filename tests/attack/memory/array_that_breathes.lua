-- SPDX-License-Identifier: Apache-2.0
-- A list that fills and empties.
-- expect: rule_overrun
-- run:
while true do local t = {} for i = 1, 3000 do t[i] = i end for i = 3000, 1, -1 do t[i] = nil end end
