-- SPDX-License-Identifier: Apache-2.0
-- A replacement of many references, for each character.
-- expect: rule_overrun
-- run:
local s = ('x'):rep(20000) while true do pcall(string.gsub, s, '.', ('%0'):rep(10)) end
