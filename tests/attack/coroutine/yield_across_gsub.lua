-- SPDX-License-Identifier: Apache-2.0
-- A yield in a function that C calls.
-- expect: rule_error: attempt to yield across a C-call boundary
-- run:
coroutine.wrap(function() return (('abc'):gsub('.', function() coroutine.yield() end)) end)()
