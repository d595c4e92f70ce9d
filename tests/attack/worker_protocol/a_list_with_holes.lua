-- SPDX-License-Identifier: Apache-2.0
-- A list with a place missing.
-- expect: rule_error: a list with an empty place
-- run:
c:emit('y', { 1, nil, 3 }) return 'x'
