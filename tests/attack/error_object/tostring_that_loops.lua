-- SPDX-License-Identifier: Apache-2.0
-- An error whose text is never ready.
-- expect: rule_error: an error that is no text (table)
-- run:
error(setmetatable({}, { __tostring = function() while true do end end }))
