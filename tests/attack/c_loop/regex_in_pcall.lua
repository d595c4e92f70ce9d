-- SPDX-License-Identifier: Apache-2.0
-- The matcher's own end is caught, again and again.
-- expect: rule_overrun
-- run:
while true do pcall(matches, ('a'):rep(60) .. '!', '^(a+)+$') end
