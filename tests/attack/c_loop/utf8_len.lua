-- SPDX-License-Identifier: Apache-2.0
-- Counting characters, for ever.
-- expect: rule_overrun
-- run:
local s = ('x'):rep(200000) while true do utf8.len(s) end
