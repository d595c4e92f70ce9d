-- SPDX-License-Identifier: Apache-2.0
-- Fields that are their own type.
-- expect: load error: 
-- file:
local t = {} t.t = t return workflow 'attack' { key = 'AT', fields = t, state 'one' }
