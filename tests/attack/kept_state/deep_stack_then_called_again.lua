-- SPDX-License-Identifier: Apache-2.0
-- A stack that grew is not paid for by the next call.
-- expect: answer: depth 10000
-- calls: 3
-- run:
local function g(n) if n == 0 then return 0 end return 1 + g(n - 1) end return 'depth ' .. g(10000)
