-- SPDX-License-Identifier: Apache-2.0
-- A copy of 200 KB is one instruction.
-- expect: rule_overrun
-- run:
local a = ('x'):rep(200000) while true do local b = a .. 'y' end
