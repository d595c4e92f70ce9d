-- SPDX-License-Identifier: Apache-2.0
-- Keys that are neither whole nor text.
-- expect: rule_overrun
-- run:
local t, x = {}, 0.5 while true do t[x] = 1 x = x + 1 end
