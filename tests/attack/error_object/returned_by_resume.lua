-- SPDX-License-Identifier: Apache-2.0
-- The same with a coroutine.
-- expect: rule_overrun
-- run:
coroutine.resume(coroutine.create(function() while true do end end)) return 'all is well'
