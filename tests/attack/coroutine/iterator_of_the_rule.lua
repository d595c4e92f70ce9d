-- SPDX-License-Identifier: Apache-2.0
-- A rule's function that is an iterator of a coroutine.
-- expect: load error: 
-- file:
return workflow 'attack' { key = 'AT', state 'one' { on 'x' { to = 'one', when = coroutine.wrap(function() while true do coroutine.yield(true) end end) } } }
