-- SPDX-License-Identifier: Apache-2.0
-- A hundred thousand bytes as values.
-- expect: rule_error: at most 250 values
-- run:
local s = ('x'):rep(100000) s:byte(1, -1)
