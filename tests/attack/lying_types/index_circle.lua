-- SPDX-License-Identifier: Apache-2.0
-- Two tables that ask each other.
-- expect: rule_error: stack overflow
-- run:
local a, b = {}, {} setmetatable(a, { __index = function(_, k) return b[k] end }) setmetatable(b, { __index = function(_, k) return a[k] end }) return a.x
