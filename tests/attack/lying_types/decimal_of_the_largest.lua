-- SPDX-License-Identifier: Apache-2.0
-- A decimal with too many digits.
-- expect: rule_error: more than 18 digits
-- run:
return tostring(decimal(math.maxinteger))
