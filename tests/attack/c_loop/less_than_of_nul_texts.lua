-- SPDX-License-Identifier: Apache-2.0
-- Texts of NUL bytes are compared piece by piece: a thousand times as dear.
-- expect: load error: may not hold a NUL byte
-- run:
local a, b = ('\0'):rep(200000) .. 'a', ('\0'):rep(200000) .. 'b' while true do local d = a < b end
