-- SPDX-License-Identifier: Apache-2.0
-- The refusal is caught, again and again.
-- expect: rule_overrun
-- run:
while true do pcall(coroutine.create, function() end) end
