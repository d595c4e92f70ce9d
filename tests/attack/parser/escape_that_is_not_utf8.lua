-- SPDX-License-Identifier: Apache-2.0
-- An escape that Lua takes and UTF-8 does not have, in a title.
-- expect: load error: UTF-8
-- file:
return workflow 'attack' { key = 'AT', title = '\u{7FFFFFFF}', state 'one' }
