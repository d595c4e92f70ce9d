-- SPDX-License-Identifier: Apache-2.0
-- An error that no reader of JSON would take.
-- expect: rule_error: an error without a text
-- run:
error('\xff\xfe', 0)
