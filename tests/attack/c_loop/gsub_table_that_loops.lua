-- SPDX-License-Identifier: Apache-2.0
-- A table whose __index runs for each match.
-- expect: rule_overrun
-- run:
(('x'):rep(10)):gsub('.', setmetatable({}, { __index = function() while true do end end }))
