-- SPDX-License-Identifier: Apache-2.0
-- The same by way of __index.
-- expect: rule_error: there is no __mode here
-- run:
setmetatable({}, setmetatable({}, { __index = function(_, k) if k == '__mode' then return 'v' end end }))
