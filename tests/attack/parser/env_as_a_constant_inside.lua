-- SPDX-License-Identifier: Apache-2.0
-- The same in a function that is compiled within another one.
-- expect: load error: 
-- file:
local function f() local _ENV <const> = 'x'; return A end
return f()
