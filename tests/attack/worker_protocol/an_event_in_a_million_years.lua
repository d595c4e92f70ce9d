-- SPDX-License-Identifier: Apache-2.0
-- An event that is sent after the end of time.
-- expect: rule_error: at most 100 years
-- run:
c:send('x', { after = '999999999999 weeks' })
