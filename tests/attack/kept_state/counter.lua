-- SPDX-License-Identifier: Apache-2.0
-- A variable outside that counts the calls.
-- expect: load error: may not change "n"
local n = 0
-- run:
n = n + 1 return 'call ' .. n
