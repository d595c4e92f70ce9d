-- SPDX-License-Identifier: Apache-2.0
-- A loop over a number.
-- expect: rule_error: attempt to index a number value
-- run:
for _ in ipairs(7) do end
