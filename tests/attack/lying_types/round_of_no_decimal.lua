-- SPDX-License-Identifier: Apache-2.0
-- A method of decimals on a table.
-- expect: rule_error: a decimal and a table
-- run:
(decimal '1').round({})
