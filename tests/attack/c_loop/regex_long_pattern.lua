-- SPDX-License-Identifier: Apache-2.0
-- A pattern longer than a pattern may be.
-- expect: rule_error: at most 1000 bytes
-- run:
return tostring(matches('x', ('x'):rep(200000)))
