-- SPDX-License-Identifier: Apache-2.0
-- A chain of functions.
-- expect: rule_overrun
-- run:
local f = function() end while true do local g = f f = function() return g end end
