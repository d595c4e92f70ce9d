-- SPDX-License-Identifier: Apache-2.0
-- One place very far away must not make the places in between.
-- expect: answer: length 0
-- run:
local t = {} t[1 << 60] = 1 t[-1 << 60] = 1 return 'length ' .. #t
