-- SPDX-License-Identifier: Apache-2.0
-- A list whose items are that list.
-- expect: load error: nested more than
-- file:
local t = {} local g = list(t) t.of = g return workflow 'attack' { key = 'AT', fields = { a = g }, state 'one' }
