-- SPDX-License-Identifier: Apache-2.0
-- A repeat of a repeat: the tries double with each letter.
-- expect: rule_overrun
-- run:
return tostring(matches(('a'):rep(60) .. '!', '^(a+)+$'))
