-- SPDX-License-Identifier: Apache-2.0
-- References that copy what they matched.
-- expect: rule_error: a string longer than
-- run:
local s = ('x'):rep(1000) s:gsub('.*', ('%0'):rep(1000))
