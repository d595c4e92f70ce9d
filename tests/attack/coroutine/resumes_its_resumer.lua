-- SPDX-License-Identifier: Apache-2.0
-- A coroutine that resumes the one that waits for it.
-- expect: answer: false: cannot resume non-suspended coroutine
-- run:
local a, b a = coroutine.create(function() return coroutine.resume(b) end) b = coroutine.create(function() return coroutine.resume(a) end) local _, _, ok, why = coroutine.resume(a) return tostring(ok) .. ': ' .. why
