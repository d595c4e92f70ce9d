-- SPDX-License-Identifier: Apache-2.0
-- A key that is a table with a text.
-- expect: load error: expected
-- file:
return workflow 'attack' { key = setmetatable({}, { __tostring = function() return 'AT' end }), state 'one' }
