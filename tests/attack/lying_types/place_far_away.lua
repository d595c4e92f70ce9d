-- SPDX-License-Identifier: Apache-2.0
-- A state at a place of its list that is far away.
-- expect: load error: empty place
-- file:
return workflow 'attack' { key = 'AT', [1e15] = state 'one' }
