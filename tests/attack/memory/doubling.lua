-- SPDX-License-Identifier: Apache-2.0
-- A text that doubles.
-- expect: rule_overrun
-- run:
local s = 'x' while true do s = s .. s end
