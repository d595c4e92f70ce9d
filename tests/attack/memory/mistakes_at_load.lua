-- SPDX-License-Identifier: Apache-2.0
-- Mistakes that are each a new text.
-- expect: load error: has no member
-- file:
for i = 1, math.maxinteger do local x = state('s' .. i)['k' .. i] end
