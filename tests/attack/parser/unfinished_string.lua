-- SPDX-License-Identifier: Apache-2.0
-- A text that does not end.
-- expect: load error: unfinished string
-- fill: LONG 60000 "a"
-- file:
local x = '@LONG@
