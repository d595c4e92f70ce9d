-- SPDX-License-Identifier: Apache-2.0
-- Exact arithmetic, for ever.
-- expect: rule_overrun
-- run:
local a = decimal '1.5' while true do a = -a end
