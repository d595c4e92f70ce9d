-- SPDX-License-Identifier: Apache-2.0
-- An iterator over a long text, for ever.
-- expect: rule_overrun
-- run:
local s = ('x'):rep(200000) while true do for _ in utf8.codes(s) do end end
