-- SPDX-License-Identifier: Apache-2.0
-- A member of every case, set like a field.
-- expect: rule_error: unknown field
-- run:
c:set('owner', 'wang')
