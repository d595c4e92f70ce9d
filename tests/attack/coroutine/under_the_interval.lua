-- SPDX-License-Identifier: Apache-2.0
-- Each coroutine begins a count of its own: work shorter than the interval is never seen.
-- expect: rule_error: more than 1000 coroutines
-- run:
local function work() for i = 1, 400 do end end while true do local co = coroutine.wrap(work) co() end
