-- SPDX-License-Identifier: Apache-2.0
-- People from a list that says it is long.
-- expect: answer: []
-- engine: forbidden: for those whom the rules name
-- who:
return setmetatable({}, { __len = function() return 1 << 50 end, __index = function() return 'li' end })
