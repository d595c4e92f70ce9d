-- SPDX-License-Identifier: Apache-2.0
-- A recursion through a metamethod called from C.
-- expect: rule_error: overflow
-- run:
local t t = setmetatable({}, { __tostring = function() return tostring(t) end }) tostring(t)
