-- SPDX-License-Identifier: Apache-2.0
-- Many small texts at the ceiling, each failure caught: 64,005 stayed once.
-- expect: rule_overrun
-- run:
local t = {} while true do pcall(function() for i = 1, 1e9 do t[#t + 1] = ('x'):rep(1000) .. i end end) end
