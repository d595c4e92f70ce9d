-- SPDX-License-Identifier: Apache-2.0
-- A table that is text when it is asked.
-- expect: rule_error: expected text, got table
-- run:
return tostring(matches(setmetatable({}, { __tostring = function() return 'x' end }), 'x'))
