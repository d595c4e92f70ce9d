-- SPDX-License-Identifier: Apache-2.0
-- An iterator steps over continuation bytes by itself: a text of nothing else is one step.
-- expect: rule_overrun
-- run:
local s = 'a' .. ('\x80'):rep(200000) while true do pcall(function() for _ in utf8.codes(s, true) do end end) end
