-- SPDX-License-Identifier: Apache-2.0
-- The metatable is changed once it is in place.
-- expect: answer: ended
-- run:
local m = {} local t = setmetatable({}, m) m.__gc = function() while true do end end t = nil for i = 1, 10000 do local x = { i } end return 'ended'
