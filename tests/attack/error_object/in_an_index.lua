-- SPDX-License-Identifier: Apache-2.0
-- An error in __index of a table that the answer is made of.
-- expect: answer: [{"data":{},"emit":"x"}]
-- engine: answer: n
-- run:
c:emit('x', setmetatable({}, { __index = function() error('read', 0) end }))
