-- SPDX-License-Identifier: Apache-2.0
-- One large text in each of a thousand events: small here, 200 MB once it is written.
-- expect: rule_error: the answer is larger than
-- run:
local s = ('x'):rep(200000) for i = 1, 1000 do c:emit('y', { s }) end
