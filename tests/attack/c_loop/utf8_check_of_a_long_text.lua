-- SPDX-License-Identifier: Apache-2.0
-- Text for an event is checked for UTF-8, for ever.
-- expect: rule_overrun
-- run:
local s = ('x'):rep(200000) while true do pcall(c.emit, c, 'x', { s }) end
