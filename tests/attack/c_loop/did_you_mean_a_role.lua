-- SPDX-License-Identifier: Apache-2.0
-- The same among roles.
-- expect: rule_overrun
-- run:
local name = ('y'):rep(100) while true do pcall(function() return c.people[name] end) end
