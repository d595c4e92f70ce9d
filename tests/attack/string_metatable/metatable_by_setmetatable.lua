-- SPDX-License-Identifier: Apache-2.0
-- A metatable for texts.
-- expect: rule_error: setmetatable of a string
-- run:
setmetatable('', { __index = function() return 'forged' end })
