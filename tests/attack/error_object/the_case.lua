-- SPDX-License-Identifier: Apache-2.0
-- An error that is the case itself.
-- expect: rule_error: an error that is no text (table)
-- run:
error(c)
