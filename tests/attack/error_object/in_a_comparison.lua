-- SPDX-License-Identifier: Apache-2.0
-- An error from an operator deep in a sort.
-- expect: rule_error: an error that is no text (table)
-- run:
local t = {} for i = 1, 100 do t[i] = setmetatable({}, { __lt = function() error({}) end }) end table.sort(t)
