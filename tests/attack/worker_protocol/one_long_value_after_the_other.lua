-- SPDX-License-Identifier: Apache-2.0
-- Values of 12 KB, hundreds of them in one answer.
-- expect: rule_error: the answer is larger than
-- run:
local s = ('x'):rep(12000) for i = 1, 360 do c:emit('y', { v = s .. i }) end
