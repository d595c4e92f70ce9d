-- SPDX-License-Identifier: Apache-2.0
-- A metatable for numbers.
-- expect: rule_error: setmetatable of a number
-- run:
setmetatable(1, { __call = function() end })
