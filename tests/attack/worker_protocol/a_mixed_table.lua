-- SPDX-License-Identifier: Apache-2.0
-- A table that is a list and a record at once.
-- expect: rule_error: either a list or names
-- run:
c:emit('y', { 1, 2, name = 3 })
