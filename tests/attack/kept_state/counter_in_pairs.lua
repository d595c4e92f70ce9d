-- SPDX-License-Identifier: Apache-2.0
-- An iterator over a table remembers as well.
-- expect: load error: may not reach an iterator
local more = pairs({ a = 1, b = 2, c = 3 })
-- run:
return 'call ' .. tostring(more())
