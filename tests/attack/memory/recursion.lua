-- SPDX-License-Identifier: Apache-2.0
-- A stack of calls without end.
-- expect: rule_overrun
-- run:
local function f() return 1 + f() end f()
