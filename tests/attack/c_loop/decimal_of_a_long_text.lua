-- SPDX-License-Identifier: Apache-2.0
-- A decimal is read from a long text.
-- expect: rule_overrun
-- run:
local a = ('1'):rep(200000) while true do pcall(decimal, a) end
