-- SPDX-License-Identifier: Apache-2.0
-- Something that is called through a thousand others.
-- expect: answer: called
-- run:
local g = function() return 'called' end for i = 1, 3000 do g = setmetatable({}, { __call = g }) end return g()
