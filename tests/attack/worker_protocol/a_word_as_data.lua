-- SPDX-License-Identifier: Apache-2.0
-- A word of the language as data.
-- expect: rule_error: is no plain data
-- run:
c:emit('y', { person 'li' })
