-- SPDX-License-Identifier: Apache-2.0
-- A metatable of another kind.
-- expect: rule_error: setmetatable of a string
-- run:
setmetatable({}, 'x')
