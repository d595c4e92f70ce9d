-- SPDX-License-Identifier: Apache-2.0
-- A table that is a key of a table.
-- expect: load error: has no order
-- calls: 2
local one = {}
local list_of = { one, [one] = true }
-- run:
for _, one in ipairs(list_of) do one.n = (one.n or 0) + 1 return 'call ' .. one.n end
