-- SPDX-License-Identifier: Apache-2.0
-- An error of a thousand lines: one line in the log must stay one.
-- expect: rule_error: line
-- run:
error(('line\n'):rep(1000), 0)
