-- SPDX-License-Identifier: Apache-2.0
-- A negative count makes an empty text and no loop.
-- expect: answer: length 0
-- run:
return 'length ' .. #('x'):rep(math.mininteger)
