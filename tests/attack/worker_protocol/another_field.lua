-- SPDX-License-Identifier: Apache-2.0
-- A field that the workflow does not have.
-- expect: rule_error: unknown field
-- run:
c:set('secret', 1)
