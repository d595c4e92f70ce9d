-- SPDX-License-Identifier: Apache-2.0
-- The same for sort.
-- expect: answer: first 1
-- run:
local t = setmetatable({ 2, 1 }, { __len = function() return 1 << 50 end }) table.sort(t) return 'first ' .. t[1]
