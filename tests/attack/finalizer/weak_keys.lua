-- SPDX-License-Identifier: Apache-2.0
-- A weak table shows when the collector ran, which differs from run to run.
-- expect: rule_error: there is no __mode here
-- run:
setmetatable({}, { __mode = 'k' })
