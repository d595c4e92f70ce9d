-- SPDX-License-Identifier: Apache-2.0
-- A chain of errors, each from the closing after the one before.
-- expect: rule_error: from 150
-- run:
local function f(n) local x <close> = setmetatable({}, { __close = function() error('from ' .. n, 0) end }) if n > 0 then f(n - 1) end error('deepest', 0) end f(150)
