-- SPDX-License-Identifier: Apache-2.0
-- A record of a hundred thousand names.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 1e6 do t['k' .. i] = i end c:emit('y', t)
