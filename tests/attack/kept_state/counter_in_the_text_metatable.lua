-- SPDX-License-Identifier: Apache-2.0
-- The metatable of all texts as a store.
-- expect: rule_error: attempt to index a string value
-- calls: 2
-- run:
('x').calls = 1
