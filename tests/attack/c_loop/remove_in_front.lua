-- SPDX-License-Identifier: Apache-2.0
-- Removing in front moves everything.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 20000 do t[i] = i end while true do table.insert(t, table.remove(t, 1)) end
