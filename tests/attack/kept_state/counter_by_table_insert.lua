-- SPDX-License-Identifier: Apache-2.0
-- A library function that writes into a table outside.
-- expect: rule_error: read-only
-- calls: 2
local t = {}
-- run:
table.insert(t, 1) return 'call ' .. #t
