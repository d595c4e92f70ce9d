-- SPDX-License-Identifier: Apache-2.0
-- The case itself as data.
-- expect: answer: [{"data":{"c":{}},"emit":"y"}]
-- engine: answer: n
-- run:
c:emit('y', { c = c })
