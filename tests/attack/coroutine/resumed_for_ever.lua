-- SPDX-License-Identifier: Apache-2.0
-- One coroutine, resumed without end.
-- expect: rule_overrun
-- run:
local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end
