-- SPDX-License-Identifier: Apache-2.0
-- Two tables that write into each other.
-- expect: rule_error: stack overflow
-- run:
local a, b = {}, {} setmetatable(a, { __newindex = function(_, k, v) b[k] = v end }) setmetatable(b, { __newindex = function(_, k, v) a[k] = v end }) a.x = 1
