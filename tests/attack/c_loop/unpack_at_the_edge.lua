-- SPDX-License-Identifier: Apache-2.0
-- A range that ends where the integers do.
-- expect: answer: values 2
-- run:
return 'values ' .. select('#', table.unpack({}, math.maxinteger - 1, math.maxinteger))
