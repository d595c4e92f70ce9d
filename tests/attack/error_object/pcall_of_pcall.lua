-- SPDX-License-Identifier: Apache-2.0
-- Protected calls stacked before the loop begins.
-- expect: rule_overrun
-- run:
local function g() pcall(g) while true do end end g()
