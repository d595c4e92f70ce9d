-- SPDX-License-Identifier: Apache-2.0
-- The fourth value of a loop is closed at its end.
-- expect: rule_overrun
-- run:
for i in function() return 1 end, nil, nil, setmetatable({}, { __close = function() while true do end end }) do break end
