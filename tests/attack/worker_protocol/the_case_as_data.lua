-- SPDX-License-Identifier: Apache-2.0
-- The case itself as data.
-- expect: answer: [{"data":[{}],"emit":"y"}]
-- run:
c:emit('y', { c })
