-- SPDX-License-Identifier: Apache-2.0
-- A number is looked for in a long text.
-- expect: rule_overrun
-- run:
local a = ('1'):rep(200000) while true do tonumber(a) end
