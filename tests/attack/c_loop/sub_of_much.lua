-- SPDX-License-Identifier: Apache-2.0
-- Copies of nearly the whole text, for ever.
-- expect: rule_overrun
-- run:
local a = ('x'):rep(200000) while true do local b = a:sub(2) end
