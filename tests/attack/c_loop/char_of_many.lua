-- SPDX-License-Identifier: Apache-2.0
-- A text made from a call's many arguments, for ever.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 200 do t[i] = 65 end while true do string.char(table.unpack(t)) end
