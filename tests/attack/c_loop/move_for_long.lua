-- SPDX-License-Identifier: Apache-2.0
-- Moves of a million empty places.
-- expect: rule_overrun
-- run:
while true do table.move({}, 1, 1000000, 2) end
