-- SPDX-License-Identifier: Apache-2.0
-- An unknown member whose name is a table.
-- expect: answer: true
-- run:
local ok, why = pcall(function() return c[{}] end) return tostring(why:find('0x') == nil)
