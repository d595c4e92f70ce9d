-- SPDX-License-Identifier: Apache-2.0
-- An error in place of the error.
-- expect: rule_error: second
-- run:
local x <close> = setmetatable({}, { __close = function() error('second', 0) end }) error('first', 0)
