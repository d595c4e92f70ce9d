-- SPDX-License-Identifier: Apache-2.0
-- A duration is read from a long text.
-- expect: rule_overrun
-- run:
local d = ('1 day '):rep(30000) while true do pcall(c.send, c, 'x', { after = d }) end
