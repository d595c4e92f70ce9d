-- SPDX-License-Identifier: Apache-2.0
-- A walk over the whole text from each open bracket.
-- expect: rule_overrun
-- run:
while true do (('('):rep(100000)):find('%b()') end
