-- SPDX-License-Identifier: Apache-2.0
-- A workflow whose name is a table.
-- expect: load error: expected a name
-- file:
return workflow(setmetatable({}, { __index = function() while true do end end }))
