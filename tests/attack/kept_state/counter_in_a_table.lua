-- SPDX-License-Identifier: Apache-2.0
-- A table outside that counts the calls.
-- expect: rule_error: read-only
-- calls: 2
local t = { n = 0 }
-- run:
t.n = t.n + 1 return 'call ' .. t.n
