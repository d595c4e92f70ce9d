-- SPDX-License-Identifier: Apache-2.0
-- An error of 100,000 letters.
-- expect: rule_error: xxxxxxxxxx
-- run:
error(('x'):rep(100000))
