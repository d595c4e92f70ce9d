-- SPDX-License-Identifier: Apache-2.0
-- An error caught for ever.
-- expect: rule_overrun
-- run:
while true do pcall(error, 'x') end
