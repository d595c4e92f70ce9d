-- SPDX-License-Identifier: Apache-2.0
-- A library function that takes from a table outside.
-- expect: rule_error: read-only
-- calls: 2
local t = { 3, 1, 2 }
-- run:
return 'got ' .. table.remove(t)
