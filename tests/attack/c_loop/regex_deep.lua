-- SPDX-License-Identifier: Apache-2.0
-- Choices that wait to be taken back, as many as there are letters.
-- expect: rule_error: too many ways
-- run:
return tostring(matches(('ab'):rep(4000), '^(?:a|b)*$'))
