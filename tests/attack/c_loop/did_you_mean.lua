-- SPDX-License-Identifier: Apache-2.0
-- Every unknown field is compared with all known ones, for ever.
-- expect: rule_overrun
-- run:
local name = ('x'):rep(100) while true do pcall(function() return c.fields[name] end) end
