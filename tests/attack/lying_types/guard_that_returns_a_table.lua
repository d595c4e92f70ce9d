-- SPDX-License-Identifier: Apache-2.0
-- A condition that is true as tables are.
-- expect: rule_error: a condition must return true
-- guard:
return {}
