-- SPDX-License-Identifier: Apache-2.0
-- A back reference after a greedy group: a comparison at each place.
-- expect: rule_overrun
-- run:
return tostring(matches(('ab'):rep(20000), '(.+)\\1[cd]'))
