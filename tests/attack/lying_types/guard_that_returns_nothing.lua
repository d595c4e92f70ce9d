-- SPDX-License-Identifier: Apache-2.0
-- A condition that says nothing.
-- expect: rule_error: a condition must return true
-- guard:
return
