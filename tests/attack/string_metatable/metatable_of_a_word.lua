-- SPDX-License-Identifier: Apache-2.0
-- A metatable for a word of the language.
-- expect: load error: this table is read-only
-- file:
setmetatable(state, { __call = function() return 'forged' end })
return workflow 'attack' { key = 'AT' }
