-- SPDX-License-Identifier: Apache-2.0
-- An event that is sent into the past.
-- expect: rule_error: 
-- run:
c:send('x', { after = '-3 days' })
