-- SPDX-License-Identifier: Apache-2.0
-- A state that holds itself.
-- expect: load error: 
-- file:
local body = {} local one = state 'one' (body) body[1] = one return workflow 'attack' { key = 'AT', one }
