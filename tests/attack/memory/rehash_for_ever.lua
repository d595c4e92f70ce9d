-- SPDX-License-Identifier: Apache-2.0
-- Names that come and go make a large table count itself again and again.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 1 << 16 do t['k' .. i] = 1 end while true do for i = 1, 1000000 do t['a' .. i] = 1 t['a' .. i] = nil end end
