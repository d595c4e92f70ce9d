-- SPDX-License-Identifier: Apache-2.0
-- An approval that asks itself.
-- expect: load error: nested more than
-- file:
local t = {} t[1] = all_of(t) return workflow 'attack' { key = 'AT', state 'one' { approval { rule = t[1], approved = 'one', rejected = 'one' } } }
