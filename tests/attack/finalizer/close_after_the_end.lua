-- SPDX-License-Identifier: Apache-2.0
-- The function runs although the budget is spent already.
-- expect: rule_overrun
-- run:
local x <close> = setmetatable({}, { __close = function() while true do pcall(function() while true do end end) end end }) while true do end
