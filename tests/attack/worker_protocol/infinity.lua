-- SPDX-License-Identifier: Apache-2.0
-- A number without end.
-- expect: rule_error: is no plain data
-- run:
c:emit('y', { 1/0 })
