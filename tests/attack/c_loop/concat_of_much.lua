-- SPDX-License-Identifier: Apache-2.0
-- Items that are together longer than a text may be.
-- expect: rule_error: a string longer than
-- run:
local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1000) end table.concat(t)
