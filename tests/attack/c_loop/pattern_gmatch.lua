-- SPDX-License-Identifier: Apache-2.0
-- The same by way of gmatch.
-- expect: rule_overrun
-- run:
for x in (('a'):rep(20000)):gmatch('.-.-.-b') do end
