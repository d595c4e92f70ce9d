-- SPDX-License-Identifier: Apache-2.0
-- A border is searched for at each #.
-- expect: rule_overrun
-- run:
local t = {} for i = 1, 16 do t[1 << i] = 1 end while true do local n = #t end
