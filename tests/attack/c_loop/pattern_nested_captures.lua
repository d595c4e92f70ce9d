-- SPDX-License-Identifier: Apache-2.0
-- Captures nested deeper than there are any.
-- expect: rule_error: too many captures
-- run:
('x'):rep(10000):match(('(x'):rep(200))
