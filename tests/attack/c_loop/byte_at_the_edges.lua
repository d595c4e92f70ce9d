-- SPDX-License-Identifier: Apache-2.0
-- Positions at both ends of the integers.
-- expect: answer: values 3
-- run:
return 'values ' .. select('#', ('abc'):byte(math.mininteger, math.maxinteger))
