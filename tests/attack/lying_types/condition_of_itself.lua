-- SPDX-License-Identifier: Apache-2.0
-- A condition that asks itself.
-- expect: load error: nested more than
-- file:
local t = {} t[1] = any(t) return workflow 'attack' { key = 'AT', always { when = t[1], to = 'one' }, state 'one' }
