-- SPDX-License-Identifier: Apache-2.0
-- Two levels of short ones ran 135 million steps without one call of the hook.
-- expect: rule_error: more than 1000 coroutines
-- run:
local function inner() for i = 1, 400 do end end local function outer() for i = 1, 20 do coroutine.wrap(inner)() end end while true do coroutine.wrap(outer)() end
