-- SPDX-License-Identifier: Apache-2.0
-- A repeat that gives nothing back and walks the text from each place.
-- expect: rule_overrun
-- run:
while true do matches(('a'):rep(100000), '[^b]*+b') end
