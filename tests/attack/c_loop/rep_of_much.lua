-- SPDX-License-Identifier: Apache-2.0
-- A text longer than memory.
-- expect: rule_error: a string longer than
-- run:
local s = ('x'):rep(1 << 40)
