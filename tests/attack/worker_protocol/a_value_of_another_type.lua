-- SPDX-License-Identifier: Apache-2.0
-- Text for a number.
-- expect: rule_error: field "a"
-- run:
c:set('a', 'seven')
