-- SPDX-License-Identifier: Apache-2.0
-- Words of the language, made without end and kept.
-- expect: load error: stopped: more
-- file:
local t = {} for i = 1, math.maxinteger do t[i] = state('s' .. i) { owner = 'pm' } end
