-- SPDX-License-Identifier: Apache-2.0
-- A mark for finalization that becomes a function later.
-- expect: rule_error: there is no __gc here
-- run:
local m = { __gc = true } setmetatable({}, m) m.__gc = function() while true do end end
