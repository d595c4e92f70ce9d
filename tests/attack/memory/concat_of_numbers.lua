-- SPDX-License-Identifier: Apache-2.0
-- A number becomes text at each join.
-- expect: rule_overrun
-- run:
local s = '' while true do s = s .. 1.5 end
