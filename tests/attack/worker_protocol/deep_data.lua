-- SPDX-License-Identifier: Apache-2.0
-- Data nested deeper than any reader follows.
-- expect: rule_error: nested too deeply
-- run:
local t = {} for i = 1, 1000 do t = { t } end c:emit('y', t)
