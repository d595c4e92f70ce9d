-- SPDX-License-Identifier: Apache-2.0
-- A decimal that is made of no number.
-- expect: rule_error: binary fraction
-- run:
return tostring(decimal(0/0))
