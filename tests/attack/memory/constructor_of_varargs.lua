-- SPDX-License-Identifier: Apache-2.0
-- A list from the values of a call, each longer than the last.
-- expect: rule_error: at most 250 values
-- run:
local t = {} while true do t = { 1, table.unpack(t, 1, #t) } end
