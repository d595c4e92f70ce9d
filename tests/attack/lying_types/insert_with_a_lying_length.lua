-- SPDX-License-Identifier: Apache-2.0
-- A table that says it is 10^15 long.
-- expect: answer: items 1
-- run:
local t = setmetatable({}, { __len = function() return 1 << 50 end }) table.insert(t, 1, 1) return 'items ' .. #table.pack(t[1])
