-- SPDX-License-Identifier: Apache-2.0
-- A team whose list is endless.
-- expect: load error: stopped: more
-- team:
local all = {} for i = 1, 1e9 do all[i] = use('w' .. i) end return team 't' (all)
