-- SPDX-License-Identifier: Apache-2.0
-- Jumps that are joined into one list, which is walked for each that is added.
-- expect: load error: expected "return workflow
-- fill: CHAIN 9000 "a and "
-- file:
local a = 1 return @CHAIN@a
