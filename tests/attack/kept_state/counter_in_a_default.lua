-- SPDX-License-Identifier: Apache-2.0
-- A metamethod that fills in what is missing.
-- expect: rule_error: read-only
-- calls: 2
local t
t = setmetatable({}, { __index = function(self, k) self[k] = 1 return 1 end })
-- run:
local v = t.x return 'call ' .. tostring(v)
