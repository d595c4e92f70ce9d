-- SPDX-License-Identifier: Apache-2.0
-- An iterator that is made and never used.
-- expect: rule_overrun
-- run:
while true do local f = (('x'):rep(1000)):gmatch('x') end
