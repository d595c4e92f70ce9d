-- SPDX-License-Identifier: Apache-2.0
-- The same, with each failure caught.
-- expect: rule_overrun
-- run:
local s = 'x' while true do pcall(function() s = s .. s end) end
