-- SPDX-License-Identifier: Apache-2.0
-- A helper in a table.
-- expect: load error: may not change "n"
local n = 0
local t = { count = function() n = n + 1 return n end }
-- run:
return 'call ' .. t.count()
