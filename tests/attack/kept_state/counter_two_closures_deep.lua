-- SPDX-License-Identifier: Apache-2.0
-- A variable that an inner function of an inner function assigns.
-- expect: load error: may not change "n"
local n = 0
-- run:
return (function() return (function() n = n + 1 return 'call ' .. n end)() end)()
