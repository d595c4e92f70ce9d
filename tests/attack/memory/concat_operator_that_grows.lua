-- SPDX-License-Identifier: Apache-2.0
-- One instruction that joins two hundred long texts.
-- expect: rule_overrun
-- run:
local a = ('x'):rep(200000) local s = a .. a .. a .. a .. a .. a .. a .. a .. a
