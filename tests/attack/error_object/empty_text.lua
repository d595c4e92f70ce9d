-- SPDX-License-Identifier: Apache-2.0
-- An error that says nothing.
-- expect: rule_error: an error without a text
-- run:
error('', 0)
