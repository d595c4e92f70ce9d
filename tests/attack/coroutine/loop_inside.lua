-- SPDX-License-Identifier: Apache-2.0
-- An endless loop in a coroutine in a protected call.
-- expect: rule_overrun
-- run:
while true do pcall(function() coroutine.wrap(function() while true do end end)() end) end
