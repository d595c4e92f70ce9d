-- SPDX-License-Identifier: Apache-2.0
-- A helper that compares itself with what it was.
-- expect: answer: truetrue
-- calls: 2
local f = function() end
local t = { f }
-- run:
return tostring(f == f) .. tostring(rawequal(f, t[1]))
