-- SPDX-License-Identifier: Apache-2.0
-- A number that is none.
-- expect: load error: malformed number
-- file:
local x = 3x4e
