-- SPDX-License-Identifier: Apache-2.0
-- A number of 300 digits before its point, for ever.
-- expect: rule_overrun
-- run:
while true do ('%99.99f'):format(1e308) end
