-- SPDX-License-Identifier: Apache-2.0
-- A thousand items joined, for ever.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 1000 do t[i] = 'xxxxxxxx' end while true do table.concat(t) end
