-- SPDX-License-Identifier: Apache-2.0
-- One iterator used from within itself.
-- expect: answer: left 0
-- run:
local f = ('abc'):gmatch('.') for x in f do f() end local n = 0 for x in f do n = n + 1 end return 'left ' .. n
