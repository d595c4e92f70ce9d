-- SPDX-License-Identifier: Apache-2.0
-- Stacks that grow in coroutines that never end.
-- expect: rule_overrun
-- run:
local all = {} for i = 1, 900 do local co = coroutine.create(function() local function deep(n) if n == 0 then coroutine.yield() end local x = deep(n - 1) return x end deep(3000) end) coroutine.resume(co) all[i] = co end
