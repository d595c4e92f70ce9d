-- SPDX-License-Identifier: Apache-2.0
-- A helper of a helper.
-- expect: load error: may not change "n"
local n = 0
local function one() n = n + 1 return n end
local function two() return one() end
-- run:
return 'call ' .. two()
