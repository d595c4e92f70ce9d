-- SPDX-License-Identifier: Apache-2.0
-- A binary fraction for a decimal field.
-- expect: rule_error: 1.1 is no plain data
-- run:
c:set('rate', 1.1)
