-- SPDX-License-Identifier: Apache-2.0
-- The same by way of pack.
-- expect: rule_error: more than 250 values
-- run:
local function f(...) return f(1, ...) end f()
