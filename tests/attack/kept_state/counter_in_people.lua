-- SPDX-License-Identifier: Apache-2.0
-- The people as a store.
-- expect: rule_error: read-only
-- calls: 2
-- run:
c.people.pm[1] = 'me'
