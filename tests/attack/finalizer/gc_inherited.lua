-- SPDX-License-Identifier: Apache-2.0
-- A metatable whose __index knows of a finalizer.
-- expect: rule_error: there is no __gc here
-- run:
local m = setmetatable({}, { __index = { __gc = function() while true do end end } }) local t = setmetatable({}, m) t = nil for i = 1, 10000 do local x = { i } end return 'ended'
