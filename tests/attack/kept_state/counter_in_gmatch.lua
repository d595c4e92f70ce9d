-- SPDX-License-Identifier: Apache-2.0
-- An iterator over a text remembers where it is.
-- expect: load error: may not reach an iterator
local more = ('1 2 3 4 5'):gmatch('%d')
-- run:
return 'call ' .. tostring(more())
