-- SPDX-License-Identifier: Apache-2.0
-- A helper in a metatable.
-- expect: load error: may not change "n"
local n = 0
local t = setmetatable({}, { __index = function() n = n + 1 return n end })
-- run:
return 'call ' .. t.x
