-- SPDX-License-Identifier: Apache-2.0
-- Selecting from the end of many values.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 240 do t[i] = i end while true do select(-1, table.unpack(t)) end
