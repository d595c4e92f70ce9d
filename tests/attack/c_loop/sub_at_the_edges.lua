-- SPDX-License-Identifier: Apache-2.0
-- The same for sub.
-- expect: answer: abc
-- run:
return ('abc'):sub(math.mininteger, math.maxinteger)
