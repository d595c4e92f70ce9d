-- SPDX-License-Identifier: Apache-2.0
-- A number that is a table with a text.
-- expect: answer: 7
-- run:
return ('%d'):format(setmetatable({}, { __tostring = function() return '7' end }))
