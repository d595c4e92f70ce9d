-- SPDX-License-Identifier: Apache-2.0
-- An error that claims to stand in a line far away.
-- expect: rule_error: here
-- run:
error('@:999999999999999999999: here', 0)
