-- SPDX-License-Identifier: Apache-2.0
-- A function as data.
-- expect: rule_error: is no plain data
-- run:
c:emit('y', { function() end })
