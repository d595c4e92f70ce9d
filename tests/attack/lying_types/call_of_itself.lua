-- SPDX-License-Identifier: Apache-2.0
-- Something that is called by calling itself.
-- expect: rule_error: attempt to call a table value
-- run:
local t = setmetatable({}, {}) local m = {} t = setmetatable(t, m) local u = setmetatable({}, { __call = t }) return u()
