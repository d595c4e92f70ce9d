-- SPDX-License-Identifier: Apache-2.0
-- More values than a list may hold.
-- expect: rule_error: field "parts"
-- run:
local t = {} for i = 1, 5000 do t[i] = i end c:set('parts', t)
