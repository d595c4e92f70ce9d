-- SPDX-License-Identifier: Apache-2.0
-- Five thousand people who are nobody.
-- expect: rule_error: more than 1000 people
-- who:
local t = {} for i = 1, 5e3 do t[i] = 'p' .. i end return t
