-- SPDX-License-Identifier: Apache-2.0
-- A loop over all whole numbers.
-- expect: rule_overrun
-- run:
for i = math.mininteger, math.maxinteger do end
