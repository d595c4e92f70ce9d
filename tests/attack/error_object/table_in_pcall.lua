-- SPDX-License-Identifier: Apache-2.0
-- An error object that is asked for its members by whoever catches it.
-- expect: rule_error: asked
-- run:
local ok, why = pcall(error, setmetatable({}, { __index = function() error('asked', 0) end })) return why.code
