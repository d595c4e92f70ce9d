-- SPDX-License-Identifier: Apache-2.0
-- A format that is long itself and takes nothing.
-- expect: rule_overrun
-- run:
local f = ('x'):rep(200000) while true do f:format() end
