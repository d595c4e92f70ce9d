-- SPDX-License-Identifier: Apache-2.0
-- The separator makes the length, not the text.
-- expect: rule_error: a string longer than
-- run:
local s = (''):rep(1 << 40, 'xx')
