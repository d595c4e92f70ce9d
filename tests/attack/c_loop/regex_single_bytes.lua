-- SPDX-License-Identifier: Apache-2.0
-- A pattern that splits characters into bytes.
-- expect: rule_error: the pattern is wrong
-- run:
return tostring(matches('\xc3\xa4', '(*UTF)^\\C'))
