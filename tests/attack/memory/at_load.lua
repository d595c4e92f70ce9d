-- SPDX-License-Identifier: Apache-2.0
-- A list that grows while the file is loaded.
-- expect: load error: stopped: more
-- file:
local t = {} for i = 1, math.maxinteger do t[i] = { i } end
