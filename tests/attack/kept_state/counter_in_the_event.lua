-- SPDX-License-Identifier: Apache-2.0
-- The event as a store.
-- expect: rule_error: read-only
-- calls: 2
-- run:
e.data.x = 1
