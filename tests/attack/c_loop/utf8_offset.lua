-- SPDX-License-Identifier: Apache-2.0
-- Walking characters from the far end, for ever.
-- expect: rule_overrun
-- run:
local s = ('x'):rep(200000) while true do utf8.offset(s, -200000) end
