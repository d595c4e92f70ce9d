-- SPDX-License-Identifier: Apache-2.0
-- An escape for a character that is none.
-- expect: load error: UTF-8 value too large
-- file:
local x = '\u{80000000}'
