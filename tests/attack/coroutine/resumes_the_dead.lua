-- SPDX-License-Identifier: Apache-2.0
-- A coroutine that has ended.
-- expect: answer: cannot resume dead coroutine
-- run:
local co = coroutine.create(function() end) coroutine.resume(co) local ok, why = coroutine.resume(co) return why
