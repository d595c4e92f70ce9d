-- SPDX-License-Identifier: Apache-2.0
-- A value that lost its metatable before it is closed.
-- expect: rule_error: metamethod 'close'
-- run:
local t = setmetatable({}, { __close = function() end }) do local x <close> = t setmetatable(t, nil) end
