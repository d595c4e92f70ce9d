-- SPDX-License-Identifier: Apache-2.0
-- Values of 4 KB, hundreds of them in one answer.
-- expect: rule_error: the answer is larger than
-- run:
local s = ('x'):rep(4200) for i = 1, 280 do c:emit('y', { v = s }) end
