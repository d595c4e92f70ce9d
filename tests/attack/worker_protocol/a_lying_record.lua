-- SPDX-License-Identifier: Apache-2.0
-- Data that answers every question.
-- expect: answer: [{"data":{},"emit":"y"},{"set":{"name":{"value":"x"}}}]
-- engine: answer: x
-- run:
c:emit('y', setmetatable({}, { __index = function() return 1 end, __len = function() return 1e9 end })) return 'x'
