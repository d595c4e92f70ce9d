-- SPDX-License-Identifier: Apache-2.0
-- A priority that is a table.
-- expect: rule_error: expected low, normal
-- run:
c:priority({})
