-- SPDX-License-Identifier: Apache-2.0
-- The largest number that crosses.
-- expect: rule_error: within 2^53
-- run:
c:set('a', math.maxinteger)
