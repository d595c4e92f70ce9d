-- SPDX-License-Identifier: Apache-2.0
-- Protected calls within protected calls: a recursion of the C stack.
-- expect: rule_overrun
-- run:
local function f() return pcall(f) end while true do f() end
