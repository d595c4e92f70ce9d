-- SPDX-License-Identifier: Apache-2.0
-- Quoting makes four characters of one.
-- expect: rule_overrun
-- run:
local s = ('\1'):rep(100000) while true do pcall(string.format, '%q', s) end
