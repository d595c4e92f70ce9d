-- SPDX-License-Identifier: Apache-2.0
-- The fields as a store.
-- expect: rule_error: read-only
-- calls: 2
-- run:
c.fields.name = 'x'
