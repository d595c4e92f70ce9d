-- SPDX-License-Identifier: Apache-2.0
-- A loop of the script's own in place of the ordered one.
-- expect: rule_error: there is no __pairs here
-- run:
for _ in pairs(setmetatable({}, { __pairs = function() end })) do end
