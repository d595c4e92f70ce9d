-- SPDX-License-Identifier: Apache-2.0
-- A table that holds another ten times, and so on: ten billion values once it is written.
-- expect: rule_error: the answer is larger than
-- run:
local t = { 'x' } for i = 1, 10 do t = { t, t, t, t, t, t, t, t, t, t } end c:emit('y', t)
