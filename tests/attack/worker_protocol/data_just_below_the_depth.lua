-- SPDX-License-Identifier: Apache-2.0
-- Data nested as deep as allowed, for an event.
-- expect: answer: [{"data":{"d":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]},"emit":"y"},{"set":{"name":{"value":"x"}}}]
-- engine: answer: x
-- run:
local t = { 1 } for i = 1, 17 do t = { t } end c:emit('y', { d = t }) return 'x'
