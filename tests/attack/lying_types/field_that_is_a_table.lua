-- SPDX-License-Identifier: Apache-2.0
-- A field whose name is a table.
-- expect: rule_error: unknown field a table
-- run:
c:set({}, 1)
