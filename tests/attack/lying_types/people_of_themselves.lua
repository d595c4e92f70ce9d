-- SPDX-License-Identifier: Apache-2.0
-- A list of people that holds itself.
-- expect: load error: nested more than
-- file:
local t = {} t[1] = t return workflow 'attack' { key = 'AT', open = { by = t }, state 'one' }
