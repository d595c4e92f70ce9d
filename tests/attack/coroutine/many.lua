-- SPDX-License-Identifier: Apache-2.0
-- A hundred thousand of them.
-- expect: rule_error: more than 1000 coroutines
-- run:
for i = 1, 100000 do coroutine.create(function() end) end
