-- SPDX-License-Identifier: Apache-2.0
-- A message about a name that is a format.
-- expect: rule_error: %s%n%p
-- run:
local t = {} return t['%s%n%p']()
