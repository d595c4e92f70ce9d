-- SPDX-License-Identifier: Apache-2.0
-- Whole numbers that all fall on one place of a table: each access walks them all.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 30000 do t[i * 32767] = i end while true do local x = t[32767 * 29999] end
