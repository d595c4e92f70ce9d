-- SPDX-License-Identifier: Apache-2.0
-- Inserting in front moves everything.
-- expect: rule_overrun
-- run:
local t = {} while true do table.insert(t, 1, 0) end
