-- SPDX-License-Identifier: Apache-2.0
-- An operator converts a long text to a number.
-- expect: rule_overrun
-- run:
local a = ('0'):rep(190000) .. '1' while true do local b = a + 1 end
