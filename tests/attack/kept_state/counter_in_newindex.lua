-- SPDX-License-Identifier: Apache-2.0
-- A metamethod that stores elsewhere.
-- expect: rule_error: read-only
-- calls: 2
local store = {}
local t = setmetatable({}, { __newindex = function(_, k, v) store[k] = v end })
-- run:
t.x = 1 return tostring(store.x)
