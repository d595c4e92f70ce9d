-- SPDX-License-Identifier: Apache-2.0
-- A decimal that is made of a table.
-- expect: rule_error: a decimal and a table
-- run:
return tostring(decimal {})
