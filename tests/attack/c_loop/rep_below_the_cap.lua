-- SPDX-License-Identifier: Apache-2.0
-- Long copies one after the other, each allowed.
-- expect: rule_overrun
-- run:
while true do local s = ('x'):rep(200000) end
