-- SPDX-License-Identifier: Apache-2.0
-- A call with more arguments than there are registers.
-- expect: load error: registers
-- fill: ARGUMENTS 300 "f, "
-- file:
local f = nil f(@ARGUMENTS@1)
