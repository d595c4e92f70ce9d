-- SPDX-License-Identifier: Apache-2.0
-- A call that used its budget up leaves the next one a full one.
-- expect: answer: sum 45000150000
-- calls: 3
-- run:
local n = 0 for i = 1, 300000 do n = n + i end return 'sum ' .. n
