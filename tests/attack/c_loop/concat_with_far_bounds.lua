-- SPDX-License-Identifier: Apache-2.0
-- A concatenation of places that are not there.
-- expect: rule_error: table.concat: item 1 is a nil
-- run:
table.concat({}, '', 1, 1 << 50)
