-- SPDX-License-Identifier: Apache-2.0
-- A long text makes the rest of its own call dearer, no other's.
-- expect: answer: n 500
-- calls: 3
-- run:
local s = ('x'):rep(200000) local n = 0 for i = 1, 500 do n = n + 1 end return 'n ' .. n
