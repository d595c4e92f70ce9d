-- SPDX-License-Identifier: Apache-2.0
-- The iterator of characters remembers nothing by itself.
-- expect: answer: last 3
-- calls: 2
-- run:
local a = 0 for p in utf8.codes('abc') do a = p end return 'last ' .. a
