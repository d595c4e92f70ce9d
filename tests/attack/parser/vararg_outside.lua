-- SPDX-License-Identifier: Apache-2.0
-- Varargs in a function that has none.
-- expect: load error: cannot use '...'
-- file:
local function f() return ... end
