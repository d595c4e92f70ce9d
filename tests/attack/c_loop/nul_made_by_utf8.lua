-- SPDX-License-Identifier: Apache-2.0
-- The same by way of a code point.
-- expect: rule_error: may not hold a NUL byte
-- run:
local n = utf8.char(0) while true do local d = n:rep(100000) < n:rep(100000) .. 'b' end
