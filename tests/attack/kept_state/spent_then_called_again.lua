-- SPDX-License-Identifier: Apache-2.0
-- What overran overruns again, and is not remembered either.
-- expect: rule_overrun
-- calls: 3
-- run:
while true do end
