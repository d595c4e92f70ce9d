-- SPDX-License-Identifier: Apache-2.0
-- A short pattern that is very large once it is compiled.
-- expect: rule_error: the pattern is wrong
-- run:
return tostring(matches('x', '(?:(?:(?:x{1000}){1000}){1000}){1000}'))
