-- SPDX-License-Identifier: Apache-2.0
-- A team that uses one thing ten thousand times.
-- expect: load error: 
-- team:
local all = {} for i = 1, 10000 do all[i] = use 'attack' end return team 't' (all)
