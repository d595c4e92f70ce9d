-- SPDX-License-Identifier: Apache-2.0
-- A run that returns actions instead of saying them.
-- expect: rule_error: 
-- run:
return { { set = { a = { value = 1 } } } }
