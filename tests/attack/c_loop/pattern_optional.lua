-- SPDX-License-Identifier: Apache-2.0
-- Optional items: twice as many tries with each.
-- expect: rule_overrun
-- run:
(('a'):rep(28)):match(('a?'):rep(28) .. ('a'):rep(28) .. 'b')
