-- SPDX-License-Identifier: Apache-2.0
-- A word of the language outside that is changed.
-- expect: rule_error: cannot be changed
-- calls: 2
local p = person 'li'
-- run:
p.n = 1
