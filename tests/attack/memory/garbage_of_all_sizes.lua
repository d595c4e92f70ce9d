-- SPDX-License-Identifier: Apache-2.0
-- Nothing stays, but each text has another size: no free block fits the next.
-- expect: rule_overrun
-- run:
local n = 1 while true do local s = ('x'):rep(n) n = n % 200000 + 1 end
