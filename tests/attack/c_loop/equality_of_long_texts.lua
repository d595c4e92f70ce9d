-- SPDX-License-Identifier: Apache-2.0
-- Equality of long texts that are equal.
-- expect: rule_overrun
-- run:
local a, b = ('x'):rep(200000) .. 'a', ('x'):rep(200000) .. 'a' while true do local d = a == b end
