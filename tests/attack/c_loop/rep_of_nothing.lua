-- SPDX-License-Identifier: Apache-2.0
-- Repeating the empty text 10^15 times copies nothing, without end.
-- expect: rule_overrun
-- run:
for i = 1, 1e9 do (''):rep(1 << 50) end
