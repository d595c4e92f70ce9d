-- SPDX-License-Identifier: Apache-2.0
-- A call of what a call returned, and so on: no recursion, but thousands of calls in one
-- expression.
-- expect: load error: attempt to call
-- fill: CHAIN 20000 "{}"
-- file:
local f = nil local x = f@CHAIN@
