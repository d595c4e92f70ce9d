-- SPDX-License-Identifier: Apache-2.0
-- A finalizer that is set while the file is loaded would run when its state is closed.
-- expect: load error: there is no __gc here
-- file:
setmetatable({}, { __gc = function() while true do end end })
return workflow 'attack' { key = 'AT', state 'one' }
