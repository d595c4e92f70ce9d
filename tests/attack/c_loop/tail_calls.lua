-- SPDX-License-Identifier: Apache-2.0
-- A call that never returns and never grows.
-- expect: rule_overrun
-- run:
local function f() return f() end f()
