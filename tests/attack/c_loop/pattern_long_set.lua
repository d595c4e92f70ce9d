-- SPDX-License-Identifier: Apache-2.0
-- A set of 10,000 characters, walked for each character of the text.
-- expect: rule_overrun
-- run:
while true do (('a'):rep(1000)):find('[' .. ('b'):rep(10000) .. ']') end
