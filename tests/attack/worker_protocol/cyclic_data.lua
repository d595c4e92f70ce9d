-- SPDX-License-Identifier: Apache-2.0
-- Data that holds itself.
-- expect: rule_error: nested too deeply
-- run:
local t = {} t.t = t c:emit('y', t)
