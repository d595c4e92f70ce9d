-- SPDX-License-Identifier: Apache-2.0
-- A metatable for nil.
-- expect: rule_error: setmetatable of a nil
-- run:
setmetatable(nil, { __index = {} })
