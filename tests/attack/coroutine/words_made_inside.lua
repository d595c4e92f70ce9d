-- SPDX-License-Identifier: Apache-2.0
-- Words of the language called from a coroutine.
-- expect: load error: nowhere
-- file:
local make = coroutine.wrap(function() coroutine.yield(state 'one' { on 'x' { to = 'nowhere' } }) end)
return workflow 'attack' { key = 'AT', make() }
