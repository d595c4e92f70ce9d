-- SPDX-License-Identifier: Apache-2.0
-- A metatable for functions.
-- expect: load error: unknown name "print"
-- run:
setmetatable(print or tostring, {})
