-- SPDX-License-Identifier: Apache-2.0
-- A million people.
-- expect: rule_overrun
-- who:
local t = {} for i = 1, 1e6 do t[i] = 'p' .. i end return t
