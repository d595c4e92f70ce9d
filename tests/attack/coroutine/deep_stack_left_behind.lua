-- SPDX-License-Identifier: Apache-2.0
-- A coroutine that failed deep down, kept by the script.
-- expect: rule_overrun
-- run:
local function deep(n) if n == 0 then error 'down' end return 1 + deep(n - 1) end local all = {} for i = 1, 200 do local co = coroutine.create(deep) coroutine.resume(co, 10000) all[i] = co end
