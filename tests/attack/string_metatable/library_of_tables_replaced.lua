-- SPDX-License-Identifier: Apache-2.0
-- A function that the language itself uses.
-- expect: rule_error: the library table is read-only
-- run:
table.concat = function() return 'forged' end
