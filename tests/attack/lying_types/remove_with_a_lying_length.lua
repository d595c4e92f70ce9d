-- SPDX-License-Identifier: Apache-2.0
-- The same for remove.
-- expect: answer: nil
-- run:
return tostring(table.remove(setmetatable({}, { __len = function() return 1 << 50 end }), 1))
