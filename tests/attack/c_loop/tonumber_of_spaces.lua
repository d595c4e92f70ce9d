-- SPDX-License-Identifier: Apache-2.0
-- Spaces are stepped over before anything is counted.
-- expect: rule_overrun
-- run:
local a = (' '):rep(200000) while true do tonumber(a) end
