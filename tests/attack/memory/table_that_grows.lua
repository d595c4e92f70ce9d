-- SPDX-License-Identifier: Apache-2.0
-- One table without end.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, math.maxinteger do t[i] = i end
