-- SPDX-License-Identifier: Apache-2.0
-- A condition that is an amount.
-- expect: rule_error: a condition must return true
-- guard:
return decimal '1'
