-- SPDX-License-Identifier: Apache-2.0
-- A call that filled half of its memory leaves the next one all of it.
-- expect: answer: items 20000
-- calls: 5
-- run:
local t = {} for i = 1, 20000 do t[i] = { i } end return 'items ' .. #t
