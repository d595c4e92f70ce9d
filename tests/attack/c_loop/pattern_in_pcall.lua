-- SPDX-License-Identifier: Apache-2.0
-- The matcher's own end is caught, again and again.
-- expect: rule_overrun
-- run:
while true do pcall(string.match, ('a'):rep(20000), '.-.-.-b') end
