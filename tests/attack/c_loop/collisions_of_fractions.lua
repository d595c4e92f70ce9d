-- SPDX-License-Identifier: Apache-2.0
-- Fractions that all fall on one place of a table.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 16000 do t[i * 16383 + 0.5] = i end while true do local x = t[16383 + 0.5] end
