-- SPDX-License-Identifier: Apache-2.0
-- A stack of calls that is caught at its end, again and again.
-- expect: rule_overrun
-- run:
local function f() return 1 + f() end while true do pcall(f) end
