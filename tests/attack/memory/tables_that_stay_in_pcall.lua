-- SPDX-License-Identifier: Apache-2.0
-- Memory that is gone is caught, and the script goes on at the ceiling.
-- expect: rule_overrun
-- run:
local t = {} while true do pcall(function() while true do t = { t, {} } end end) end
