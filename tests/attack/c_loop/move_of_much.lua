-- SPDX-License-Identifier: Apache-2.0
-- A move of 10^15 places.
-- expect: rule_error: too many items
-- run:
table.move({}, 1, 1 << 50, 2)
