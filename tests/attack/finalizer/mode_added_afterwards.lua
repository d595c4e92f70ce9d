-- SPDX-License-Identifier: Apache-2.0
-- A table made weak once its metatable is in place.
-- expect: answer: kept 1
-- run:
local m = {} local t = setmetatable({ {} }, m) m.__mode = 'v' for i = 1, 10000 do local x = { i } end return 'kept ' .. #t
