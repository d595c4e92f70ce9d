-- SPDX-License-Identifier: Apache-2.0
-- An error message that quotes a very long name.
-- expect: rule_error: attempt to call a nil value
-- run:
local t = {} t[('n'):rep(200000)]()
