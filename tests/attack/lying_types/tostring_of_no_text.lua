-- SPDX-License-Identifier: Apache-2.0
-- A text that is a table.
-- expect: rule_error: '__tostring' must return a string
-- run:
tostring(setmetatable({}, { __tostring = function() return {} end }))
