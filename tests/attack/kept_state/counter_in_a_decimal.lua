-- SPDX-License-Identifier: Apache-2.0
-- A decimal outside that is changed.
-- expect: rule_error: attempt to index a
-- calls: 2
local d = decimal '1'
-- run:
d.n = 1
