-- SPDX-License-Identifier: Apache-2.0
-- A state that is a table.
-- expect: rule_error: unknown state a table
-- run:
return tostring(c:is_in({}))
