-- SPDX-License-Identifier: Apache-2.0
-- A return of more values than there are registers.
-- expect: load error: registers
-- fill: VALUES 300 "f, "
-- file:
local f = 1 return @VALUES@f
