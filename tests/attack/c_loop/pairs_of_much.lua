-- SPDX-License-Identifier: Apache-2.0
-- Going through a large table in order, for ever.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 50000 do t[i] = i end while true do for k in pairs(t) do end end
