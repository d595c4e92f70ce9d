-- SPDX-License-Identifier: Apache-2.0
-- A frontier whose set is walked twice at each place.
-- expect: rule_overrun
-- run:
while true do (('a'):rep(1000)):find('%f[' .. ('b'):rep(20000) .. ']') end
