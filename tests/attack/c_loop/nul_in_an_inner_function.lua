-- SPDX-License-Identifier: Apache-2.0
-- The same in a text of a function within a function.
-- expect: load error: may not hold a NUL byte
-- run:
local f = function() return function() return '\x00' end end return f()()
