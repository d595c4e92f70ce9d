-- SPDX-License-Identifier: Apache-2.0
-- A coroutine that resumes itself.
-- expect: answer: false: cannot resume non-suspended coroutine
-- run:
local co co = coroutine.create(function() return coroutine.resume(co) end) local _, ok, why = coroutine.resume(co) return tostring(ok) .. ': ' .. why
