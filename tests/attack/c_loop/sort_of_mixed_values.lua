-- SPDX-License-Identifier: Apache-2.0
-- Values that cannot be compared.
-- expect: rule_error: attempt to compare
-- run:
table.sort({ 1, 'x', {} })
