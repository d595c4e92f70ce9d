-- SPDX-License-Identifier: Apache-2.0
-- A long text that the file keeps makes every call dearer: each could compare it.
-- expect: load error: stopped: more
-- calls: 2
local a, b = ('x'):rep(200000) .. 1, ('x'):rep(200000) .. 1
-- run:
for i = 1, 100000 do local x = a == b end return 'compared'
