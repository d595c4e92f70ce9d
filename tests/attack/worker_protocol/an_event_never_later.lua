-- SPDX-License-Identifier: Apache-2.0
-- An event that is sent after no time at all.
-- expect: rule_error: 
-- run:
c:send('x', { after = '' })
