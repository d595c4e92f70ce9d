-- SPDX-License-Identifier: Apache-2.0
-- Tables in the order of their addresses.
-- expect: rule_error: has no order
-- run:
for k in pairs({ [{}] = 1, [{}] = 2 }) do end
