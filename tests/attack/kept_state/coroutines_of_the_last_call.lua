-- SPDX-License-Identifier: Apache-2.0
-- Coroutines count for one call only.
-- expect: answer: made
-- calls: 3
-- run:
for i = 1, 900 do coroutine.create(function() end) end return 'made'
