-- SPDX-License-Identifier: Apache-2.0
-- A constant of the library.
-- expect: rule_error: the library math is read-only
-- run:
math.huge = 1
