-- SPDX-License-Identifier: Apache-2.0
-- Comparing long texts that differ at the end is one instruction.
-- expect: rule_overrun
-- run:
local a, b = ('x'):rep(200000) .. 'a', ('x'):rep(200000) .. 'b' while true do local d = a < b end
