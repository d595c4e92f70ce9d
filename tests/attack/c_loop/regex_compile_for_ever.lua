-- SPDX-License-Identifier: Apache-2.0
-- Patterns that are each a new one.
-- expect: rule_overrun
-- run:
local i = 0 while true do i = i + 1 matches('x', ('(x|y)'):rep(100) .. i) end
