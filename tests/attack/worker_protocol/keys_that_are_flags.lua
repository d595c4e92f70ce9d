-- SPDX-License-Identifier: Apache-2.0
-- Data whose names are true and false.
-- expect: rule_error: 
-- run:
c:emit('y', { [true] = 1 })
