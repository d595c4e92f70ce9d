-- SPDX-License-Identifier: Apache-2.0
-- A field whose name is a number.
-- expect: rule_error: unknown field "1"
-- run:
return c.fields[1]
