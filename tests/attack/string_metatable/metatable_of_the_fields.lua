-- SPDX-License-Identifier: Apache-2.0
-- A metatable for the case's fields.
-- expect: rule_error: this table is read-only
-- run:
setmetatable(c.fields, {})
