-- SPDX-License-Identifier: Apache-2.0
-- Three greedy repeats over a long text.
-- expect: rule_overrun
-- run:
return tostring(matches(('a'):rep(20000), 'a*a*a*[bc]'))
