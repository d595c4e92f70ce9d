-- SPDX-License-Identifier: Apache-2.0
-- A join that joins itself.
-- expect: rule_error: stack overflow
-- run:
local t t = setmetatable({}, { __concat = function() return t .. t end }) return t .. 'x'
