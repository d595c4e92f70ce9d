-- SPDX-License-Identifier: Apache-2.0
-- A loop whose step is lost in rounding.
-- expect: rule_overrun
-- run:
for i = 1e16, 1e17, 0.5 do end
