-- SPDX-License-Identifier: Apache-2.0
-- A list of ten million items.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 1e7 do t[i] = i end c:emit('y', t)
