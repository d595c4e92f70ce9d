-- SPDX-License-Identifier: Apache-2.0
-- An error that would paint on a terminal.
-- expect: rule_error: red
-- run:
error('\27[2J\27[31mred\r\n', 0)
