-- SPDX-License-Identifier: Apache-2.0
-- Ends so far apart that their difference wraps.
-- expect: rule_error: too many items
-- run:
table.move({}, math.mininteger, math.maxinteger, 1)
