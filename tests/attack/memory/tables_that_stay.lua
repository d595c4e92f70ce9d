-- SPDX-License-Identifier: Apache-2.0
-- A chain of small tables.
-- expect: rule_overrun
-- run:
local t = {} while true do t = { t } end
