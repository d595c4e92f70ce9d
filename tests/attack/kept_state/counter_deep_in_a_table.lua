-- SPDX-License-Identifier: Apache-2.0
-- A table within a table within a table.
-- expect: rule_error: read-only
-- calls: 2
local t = { a = { b = { c = { n = 0 } } } }
-- run:
t.a.b.c.n = t.a.b.c.n + 1 return 'call ' .. t.a.b.c.n
