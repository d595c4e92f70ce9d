-- SPDX-License-Identifier: Apache-2.0
-- A metatable that hides itself.
-- expect: rule_error: there is no __metatable here
-- run:
setmetatable({}, { __metatable = 'mine' })
