-- SPDX-License-Identifier: Apache-2.0
-- A variable to be closed runs a function on every way out, after errors too.
-- expect: rule_overrun
-- run:
local x <close> = setmetatable({}, { __close = function() while true do end end }) error 'x'
