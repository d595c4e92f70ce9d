-- SPDX-License-Identifier: Apache-2.0
-- A number that is none.
-- expect: rule_error: is no plain data
-- run:
c:set('a', 0/0)
