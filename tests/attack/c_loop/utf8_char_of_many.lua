-- SPDX-License-Identifier: Apache-2.0
-- Text made of many code points, for ever.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 200 do t[i] = 0x7fffffff end while true do utf8.char(table.unpack(t)) end
