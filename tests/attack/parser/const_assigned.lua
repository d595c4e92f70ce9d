-- SPDX-License-Identifier: Apache-2.0
-- Assignment to a constant.
-- expect: load error: attempt to assign to const
-- file:
local x <const> = 1 x = 2
