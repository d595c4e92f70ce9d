-- SPDX-License-Identifier: Apache-2.0
-- A list of the case as a store.
-- expect: rule_error: read-only
-- calls: 2
-- run:
c.fields.parts[1] = 9
