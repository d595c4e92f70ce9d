-- SPDX-License-Identifier: Apache-2.0
-- Keys that are tables, functions and fractions.
-- expect: load error: 
-- file:
return workflow 'attack' { key = 'AT', state 'one', [{}] = 1, [function() end] = 2, [1.5] = 3 }
