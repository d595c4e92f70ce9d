-- SPDX-License-Identifier: Apache-2.0
-- A length that is never known.
-- expect: rule_overrun
-- run:
return 'x' .. #setmetatable({}, { __len = function() while true do end end })
