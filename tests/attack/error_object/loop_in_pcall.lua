-- SPDX-License-Identifier: Apache-2.0
-- An endless loop whose end is caught: the limit was swallowed 51 times once.
-- expect: rule_overrun
-- run:
while true do pcall(function() while true do end end) end
