-- SPDX-License-Identifier: Apache-2.0
-- A metatable that answers differently each time it is asked.
-- expect: answer: ended
-- run:
local n = 0 local m = setmetatable({}, { __index = function(_, k) n = n + 1 if n > 5 then return function() end end end }) setmetatable({}, m) for i = 1, 10000 do local x = { i } end return 'ended'
