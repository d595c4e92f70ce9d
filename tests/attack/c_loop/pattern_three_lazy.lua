-- SPDX-License-Identifier: Apache-2.0
-- Three lazy items over a long text.
-- expect: rule_overrun
-- run:
(('a'):rep(20000)):find('.-.-.-b')
