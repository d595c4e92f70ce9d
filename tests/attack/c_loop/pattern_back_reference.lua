-- SPDX-License-Identifier: Apache-2.0
-- A back reference is a comparison of long texts.
-- expect: rule_overrun
-- run:
while true do (('ab'):rep(10000)):find('(.+)%1%1%1c') end
