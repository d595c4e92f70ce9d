-- SPDX-License-Identifier: Apache-2.0
-- Members that are never known.
-- expect: rule_overrun
-- run:
return setmetatable({}, { __index = function() while true do end end }).x
