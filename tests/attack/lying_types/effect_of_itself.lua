-- SPDX-License-Identifier: Apache-2.0
-- What is started is given what starts it.
-- expect: load error: 
-- file:
local t = {} t[1] = start('x', t) return workflow 'attack' { key = 'AT', state 'one' { enter = t } }
