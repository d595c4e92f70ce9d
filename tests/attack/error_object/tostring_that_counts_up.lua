-- SPDX-License-Identifier: Apache-2.0
-- An error whose text is as long as memory.
-- expect: rule_error: an error that is no text (table)
-- run:
error(setmetatable({}, { __tostring = function() local s = 'x' while true do s = s .. s end end }))
