-- SPDX-License-Identifier: Apache-2.0
-- A pattern that asks for higher limits than it is given.
-- expect: rule_overrun
-- run:
return tostring(matches(('a'):rep(60) .. '!', '(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)(*LIMIT_HEAP=4000000000)^(a+)+$'))
