-- SPDX-License-Identifier: Apache-2.0
-- A function for each character.
-- expect: rule_overrun
-- run:
while true do (('x'):rep(10000)):gsub('.', function() return 'y' end) end
