-- SPDX-License-Identifier: Apache-2.0
-- The metatable itself is not to be had.
-- expect: load error: unknown name "getmetatable"
-- run:
getmetatable('').__index = {}
