-- SPDX-License-Identifier: Apache-2.0
-- A library function that orders a table outside.
-- expect: rule_error: read-only
-- calls: 2
local t = { 3, 1, 2 }
-- run:
table.sort(t) return 'first ' .. t[1]
