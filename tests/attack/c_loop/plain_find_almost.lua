-- SPDX-License-Identifier: Apache-2.0
-- A search for a text that almost occurs everywhere.
-- expect: rule_overrun
-- run:
local a, b = ('a'):rep(200000), ('a'):rep(1000) .. 'b' while true do a:find(b, 1, true) end
