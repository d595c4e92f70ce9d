-- SPDX-License-Identifier: Apache-2.0
-- Capitals, for ever.
-- expect: rule_overrun
-- run:
local a = ('x'):rep(200000) while true do a:upper() end
