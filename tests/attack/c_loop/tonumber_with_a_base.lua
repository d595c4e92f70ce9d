-- SPDX-License-Identifier: Apache-2.0
-- The same with a base, which takes another way.
-- expect: rule_overrun
-- run:
local a = ('z'):rep(200000) while true do tonumber(a, 36) end
