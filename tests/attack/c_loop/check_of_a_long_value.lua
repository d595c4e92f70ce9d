-- SPDX-License-Identifier: Apache-2.0
-- A value of a field is checked, for ever.
-- expect: rule_overrun
-- run:
local s = ('x'):rep(200000) while true do pcall(c.set, c, 'name', s) end
