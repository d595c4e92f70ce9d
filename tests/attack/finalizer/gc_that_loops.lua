-- SPDX-License-Identifier: Apache-2.0
-- A finalizer runs with hooks switched off: an endless one could not be stopped.
-- expect: rule_error: there is no __gc here
-- run:
setmetatable({}, { __gc = function() while true do end end }) for i = 1, 1e6 do local t = {} end
