-- SPDX-License-Identifier: Apache-2.0
-- An order that contradicts itself, for ever.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 10000 do t[i] = i end while true do table.sort(t, function() return true end) end
