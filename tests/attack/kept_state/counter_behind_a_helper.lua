-- SPDX-License-Identifier: Apache-2.0
-- A helper outside does the assigning.
-- expect: load error: may not change "n"
local n = 0
local function count() n = n + 1 return n end
-- run:
return 'call ' .. count()
