-- SPDX-License-Identifier: Apache-2.0
-- The case as a store.
-- expect: rule_error: the case is read-only here
-- calls: 2
-- run:
c.calls = 1
