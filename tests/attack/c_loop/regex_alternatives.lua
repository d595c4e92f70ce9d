-- SPDX-License-Identifier: Apache-2.0
-- Alternatives that overlap: each letter may be read in two ways.
-- expect: rule_overrun
-- run:
return tostring(matches(('ab'):rep(40) .. '!', '^(a|b|ab)*$'))
