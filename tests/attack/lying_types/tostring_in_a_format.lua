-- SPDX-License-Identifier: Apache-2.0
-- The same in a format.
-- expect: answer: 7
-- run:
return ('%s'):format(setmetatable({}, { __tostring = function() return 7 end }))
