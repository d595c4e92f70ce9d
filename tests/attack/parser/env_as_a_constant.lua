-- SPDX-License-Identifier: Apache-2.0
-- Lua 5.4.4 before its patch wrote wrong code for a constant named _ENV and read outside
-- the heap.
-- expect: load error: 
-- file:
local _ENV <const> = 1
X = 2
return Y
