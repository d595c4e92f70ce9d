-- SPDX-License-Identifier: Apache-2.0
-- The same with NUL bytes that a library function makes.
-- expect: rule_error: may not hold a NUL byte
-- run:
local n = string.char(65, 0) while true do local d = n:rep(100000) < n:rep(100000) .. 'b' end
