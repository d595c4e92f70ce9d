-- SPDX-License-Identifier: Apache-2.0
-- A format of 50,000 items that all take the same argument.
-- expect: rule_error: bad argument
-- run:
('%d'):rep(50000):format(1)
