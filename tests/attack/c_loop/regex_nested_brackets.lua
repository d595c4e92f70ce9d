-- SPDX-License-Identifier: Apache-2.0
-- Brackets nested deeper than the compiler may recurse.
-- expect: rule_error: the pattern is wrong
-- run:
return tostring(matches('x', ('('):rep(400) .. 'x' .. (')'):rep(400)))
