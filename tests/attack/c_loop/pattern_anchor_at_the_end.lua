-- SPDX-License-Identifier: Apache-2.0
-- A pattern that is tried from each character to the end.
-- expect: rule_overrun
-- run:
while true do (('a'):rep(100000)):match('a*$b') end
