-- SPDX-License-Identifier: Apache-2.0
-- The same with tables.
-- expect: rule_overrun
-- run:
local n = 1 while true do local t = {} for i = 1, n do t[i] = i end n = n % 5000 + 1 end
