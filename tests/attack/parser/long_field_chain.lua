-- SPDX-License-Identifier: Apache-2.0
-- A field chain as long as a file allows, then an error whose message names its value:
-- Lua 5.4.4 recurses once for each link while it looks for that name.
-- expect: load error: attempt to index a nil value
-- fill: LINKS 30000 ".x"
-- file:
local a = {} local b = a@LINKS@ + 1
