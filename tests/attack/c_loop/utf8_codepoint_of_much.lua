-- SPDX-License-Identifier: Apache-2.0
-- A hundred thousand characters as values.
-- expect: rule_error: at most 200 values
-- run:
local s = ('x'):rep(100000) utf8.codepoint(s, 1, -1)
