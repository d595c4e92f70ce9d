-- SPDX-License-Identifier: Apache-2.0
-- A yield in a metamethod that C calls.
-- expect: rule_error: attempt to yield across a C-call boundary
-- run:
coroutine.wrap(function() return tostring(setmetatable({}, { __tostring = function() coroutine.yield() end })) end)()
