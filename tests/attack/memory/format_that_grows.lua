-- SPDX-License-Identifier: Apache-2.0
-- A format that copies its arguments.
-- expect: rule_error: a string longer than
-- run:
local a = ('x'):rep(200000) local s = ('%s'):rep(8):format(a, a, a, a, a, a, a, a)
