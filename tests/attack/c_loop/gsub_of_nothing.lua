-- SPDX-License-Identifier: Apache-2.0
-- The empty pattern matches everywhere.
-- expect: rule_overrun
-- run:
while true do (('x'):rep(100000)):gsub('', '') end
