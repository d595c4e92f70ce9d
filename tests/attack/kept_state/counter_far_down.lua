-- SPDX-License-Identifier: Apache-2.0
-- The assignment stands three hundred lines below: line numbers of compiled code are
-- differences, with an absolute one now and then.
-- expect: load error: may not change "n"
-- fill: LINES 400 "\n"
local n = 0
-- run:
local a = 1
@LINES@n = n + 1 return 'call ' .. n
