-- SPDX-License-Identifier: Apache-2.0
-- A key that is not equal to itself.
-- expect: rule_error: index is NaN
-- run:
local t = {} t[0/0] = 1
