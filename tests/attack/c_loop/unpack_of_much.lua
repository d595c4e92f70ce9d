-- SPDX-License-Identifier: Apache-2.0
-- Ten million values on the stack.
-- expect: rule_error: at most 250 values
-- run:
table.unpack({}, 1, 1e7)
