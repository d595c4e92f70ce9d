-- SPDX-License-Identifier: Apache-2.0
-- A search for one byte over a long text, for ever.
-- expect: rule_overrun
-- run:
local a = ('x'):rep(200000) while true do a:find('y', 1, true) end
