-- SPDX-License-Identifier: Apache-2.0
-- A level below the function.
-- expect: rule_error: x
-- run:
error('x', math.mininteger)
