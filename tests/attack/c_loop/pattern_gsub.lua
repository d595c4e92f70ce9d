-- SPDX-License-Identifier: Apache-2.0
-- The same by way of gsub.
-- expect: rule_overrun
-- run:
(('a'):rep(20000)):gsub('.-.-.-b', '')
