-- SPDX-License-Identifier: Apache-2.0
-- An error message that names a value.
-- expect: answer: true
-- run:
local ok, why = pcall(function() return {} .. 'x' end) return tostring(why:find('0x') == nil)
