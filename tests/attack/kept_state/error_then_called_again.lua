-- SPDX-License-Identifier: Apache-2.0
-- An error is not remembered.
-- expect: rule_error: again
-- calls: 3
-- run:
error 'again'
