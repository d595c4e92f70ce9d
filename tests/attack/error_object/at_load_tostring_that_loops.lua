-- SPDX-License-Identifier: Apache-2.0
-- The file raises an object whose text never comes.
-- expect: load error: an error that is no text (table)
-- file:
error(setmetatable({}, { __tostring = function() while true do end end }))
