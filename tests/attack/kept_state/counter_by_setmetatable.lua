-- SPDX-License-Identifier: Apache-2.0
-- A new metatable for a table outside.
-- expect: rule_error: read-only
-- calls: 2
local t = {}
-- run:
setmetatable(t, { __index = { n = 1 } }) return 'x'
