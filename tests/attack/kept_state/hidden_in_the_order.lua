-- SPDX-License-Identifier: Apache-2.0
-- What the order of a table tells of earlier calls.
-- expect: answer: k1k99
-- calls: 3
-- run:
local t = {} for i = 1, 100 do t['k' .. i] = i end local s = {} for key in pairs(t) do s[#s + 1] = key end return s[1] .. s[100]
