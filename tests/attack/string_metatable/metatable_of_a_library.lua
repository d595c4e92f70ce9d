-- SPDX-License-Identifier: Apache-2.0
-- A metatable for a library.
-- expect: rule_error: this table is read-only
-- run:
setmetatable(string, { __newindex = nil })
