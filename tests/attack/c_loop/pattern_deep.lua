-- SPDX-License-Identifier: Apache-2.0
-- A pattern that recurses once for each of its items.
-- expect: rule_error: pattern too complex
-- run:
('x'):rep(10000):match(('x?'):rep(5000))
