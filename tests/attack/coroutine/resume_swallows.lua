-- SPDX-License-Identifier: Apache-2.0
-- resume catches errors as pcall does.
-- expect: rule_overrun
-- run:
while true do coroutine.resume(coroutine.create(function() while true do end end)) end
