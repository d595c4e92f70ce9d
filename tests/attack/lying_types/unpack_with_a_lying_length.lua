-- SPDX-License-Identifier: Apache-2.0
-- The same for unpack.
-- expect: answer: values 1
-- run:
return 'values ' .. select('#', table.unpack(setmetatable({ 'a' }, { __len = function() return 1 << 50 end })))
