-- SPDX-License-Identifier: Apache-2.0
-- A thousand events with 100 KB each.
-- expect: rule_error: the answer is larger than
-- run:
local s = ('x'):rep(100000) for i = 1, 1000 do c:emit('y', { s .. i }) end
