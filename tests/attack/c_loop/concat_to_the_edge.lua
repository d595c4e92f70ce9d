-- SPDX-License-Identifier: Apache-2.0
-- Bounds at the end of the integers, where a counter wraps.
-- expect: answer: got x
-- run:
local t = { [math.maxinteger] = 'x' } return 'got ' .. table.concat(t, ',', math.maxinteger, math.maxinteger)
