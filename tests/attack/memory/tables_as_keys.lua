-- SPDX-License-Identifier: Apache-2.0
-- Tables as keys of a table that keeps them.
-- expect: rule_overrun
-- run:
local t = {} while true do t[{}] = {} end
