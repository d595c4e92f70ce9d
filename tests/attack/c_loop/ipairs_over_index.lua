-- SPDX-License-Identifier: Apache-2.0
-- ipairs asks __index without end.
-- expect: rule_overrun
-- run:
for _ in ipairs(setmetatable({}, { __index = function() return 1 end })) do end
