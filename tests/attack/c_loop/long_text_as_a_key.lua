-- SPDX-License-Identifier: Apache-2.0
-- A long text is hashed as a whole, and compared as a whole, at each access.
-- expect: rule_overrun
-- run:
local t, a = {}, ('x'):rep(200000) t[a .. 'b'] = 1 while true do local d = t[a .. 'b'] end
