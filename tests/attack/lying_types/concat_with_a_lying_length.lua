-- SPDX-License-Identifier: Apache-2.0
-- The same for concat.
-- expect: answer: a
-- run:
return table.concat(setmetatable({ 'a' }, { __len = function() return 1 << 50 end }))
