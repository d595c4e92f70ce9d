-- SPDX-License-Identifier: Apache-2.0
-- A yield in an order function.
-- expect: rule_error: attempt to yield across a C-call boundary
-- run:
local co = coroutine.wrap(function() table.sort({ 1, 2, 3 }, function(a, b) coroutine.yield() return a < b end) return 'sorted' end) local r repeat r = co() until r return r
