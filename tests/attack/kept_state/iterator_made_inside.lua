-- SPDX-License-Identifier: Apache-2.0
-- An iterator made by a call ends with it.
-- expect: answer: b
-- calls: 3
-- run:
local f = ('a b c'):gmatch('%a') f() return f()
