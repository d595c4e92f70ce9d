-- SPDX-License-Identifier: Apache-2.0
-- A replacement a thousand times as long.
-- expect: rule_error: a string longer than
-- run:
local s = ('x'):rep(100000) s:gsub('x', ('y'):rep(1000))
