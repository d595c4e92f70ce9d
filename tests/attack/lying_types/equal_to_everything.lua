-- SPDX-License-Identifier: Apache-2.0
-- Equality that says yes.
-- expect: answer: truefalse
-- run:
local any = setmetatable({}, { __eq = function() return true end }) return tostring(c.fields == any) .. tostring(any == 7)
