-- SPDX-License-Identifier: Apache-2.0
-- A pattern that calls itself before it has read anything.
-- expect: rule_error: matches:
-- run:
return tostring(matches('x', '^(?<a>(?&a)x)'))
