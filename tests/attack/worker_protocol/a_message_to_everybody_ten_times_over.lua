-- SPDX-License-Identifier: Apache-2.0
-- A list of people that holds itself.
-- expect: rule_error: nested too deeply
-- run:
local t = {} t[1] = t c:remind(t)
