-- SPDX-License-Identifier: Apache-2.0
-- One table of names without end.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, math.maxinteger do t['k' .. i] = i end
