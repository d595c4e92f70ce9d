-- SPDX-License-Identifier: Apache-2.0
-- A pattern that calls itself.
-- expect: rule_error: too many ways
-- run:
return tostring(matches(('('):rep(2000), '(\\((?1)*\\)?)+[cd]'))
