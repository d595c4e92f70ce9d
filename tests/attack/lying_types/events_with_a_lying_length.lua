-- SPDX-License-Identifier: Apache-2.0
-- Events from a list that says it is long.
-- expect: load error: expected a name
-- file:
return workflow 'attack' { key = 'AT', state 'one' { on (setmetatable({}, { __len = function() return 1e9 end })) {} } }
