-- SPDX-License-Identifier: Apache-2.0
-- A workflow whose body answers every question.
-- expect: load error: 
-- file:
return workflow 'attack' (setmetatable({}, { __index = function() while true do end end }))
