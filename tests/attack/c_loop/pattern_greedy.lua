-- SPDX-License-Identifier: Apache-2.0
-- Greedy items give back one character at a time.
-- expect: rule_overrun
-- run:
(('a'):rep(20000)):match('.*.*.*b')
