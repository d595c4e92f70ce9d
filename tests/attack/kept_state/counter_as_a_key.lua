-- SPDX-License-Identifier: Apache-2.0
-- A helper that is a key of a table.
-- expect: load error: may not change "n"
local n = 0
local f = function() n = n + 1 return n end
local list_of = { [f] = true }
-- run:
for f in ipairs({}) do end local r for _, f in ipairs(list_of) do r = f end return 'x'
