-- SPDX-License-Identifier: Apache-2.0
-- An error that is a number.
-- expect: rule_error: an error that is no text (number)
-- run:
error(7)
