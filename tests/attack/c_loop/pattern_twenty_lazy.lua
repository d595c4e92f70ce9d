-- SPDX-License-Identifier: Apache-2.0
-- Twenty lazy items: the tries grow with a power of the length.
-- expect: rule_overrun
-- run:
(('a'):rep(200)):find(('a-'):rep(20) .. 'b')
