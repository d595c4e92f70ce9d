-- SPDX-License-Identifier: Apache-2.0
-- A look back at each place of a long text.
-- expect: rule_overrun
-- run:
while true do matches(('a'):rep(100000), '(?<=b)a') end
