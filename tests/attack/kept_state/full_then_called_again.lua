-- SPDX-License-Identifier: Apache-2.0
-- A heap that was filled is not the next call's.
-- expect: rule_overrun
-- calls: 3
-- run:
local t = {} while true do t = { t, {} } end
