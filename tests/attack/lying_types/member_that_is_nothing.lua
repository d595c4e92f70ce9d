-- SPDX-License-Identifier: Apache-2.0
-- A member of the case whose name is not a number.
-- expect: rule_error: unknown member
-- run:
return c[0/0]
