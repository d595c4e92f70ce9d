-- SPDX-License-Identifier: Apache-2.0
-- A level of the stack that is not there.
-- expect: rule_error: x
-- run:
error('x', 1 << 40)
