-- SPDX-License-Identifier: Apache-2.0
-- Data whose names are fractions.
-- expect: rule_error: 
-- run:
c:emit('y', { [1.5] = 1 })
