-- SPDX-License-Identifier: Apache-2.0
-- A yield within a protected call, and an error after it.
-- expect: answer: out falselate
-- run:
local co = coroutine.wrap(function() local ok, why = pcall(function() coroutine.yield('out') error('late', 0) end) return tostring(ok) .. why end) return co() .. ' ' .. co()
