-- SPDX-License-Identifier: Apache-2.0
-- A long bracket that does not end.
-- expect: load error: unfinished long string
-- fill: LONG 50000 "]"
-- file:
local x = [=====[ @LONG@ ]====]
