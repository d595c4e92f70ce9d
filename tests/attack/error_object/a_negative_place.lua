-- SPDX-License-Identifier: Apache-2.0
-- An error that claims a line before the first.
-- expect: rule_error: here
-- run:
error('@:-5: here', 0)
