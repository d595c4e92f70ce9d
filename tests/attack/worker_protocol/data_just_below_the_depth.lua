-- SPDX-License-Identifier: Apache-2.0
-- Data nested as deep as allowed, for an event.
-- expect: answer: [{"data":[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]],"emit":"y"},{"set":{"name":{"value":"x"}}}]
-- run:
local t = { 1 } for i = 1, 18 do t = { t } end c:emit('y', t) return 'x'
