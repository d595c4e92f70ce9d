-- SPDX-License-Identifier: Apache-2.0
-- A chain of a thousand tables to look through.
-- expect: rule_error: '__index' chain too long
-- run:
local t = {} for i = 1, 3000 do t = setmetatable({}, { __index = t }) end return tostring(t.x)
