-- SPDX-License-Identifier: Apache-2.0
-- A name of data that is no text.
-- expect: rule_error: not UTF-8
-- run:
c:emit('y', { ['\xff'] = 1 })
