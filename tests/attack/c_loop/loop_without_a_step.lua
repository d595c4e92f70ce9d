-- SPDX-License-Identifier: Apache-2.0
-- A loop whose step is 0.
-- expect: rule_error: 'for' step is zero
-- run:
for i = 1, 2, 0 do end
