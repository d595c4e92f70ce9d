-- SPDX-License-Identifier: Apache-2.0
-- Values of 60 KB, eighty of them in one answer.
-- expect: rule_error: the answer is larger than
-- run:
local s = ('x'):rep(60000) for i = 1, 80 do c:emit('y', { s .. i }) end
