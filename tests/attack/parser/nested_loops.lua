-- SPDX-License-Identifier: Apache-2.0
-- Loops within loops: each has hidden variables of its own.
-- expect: load error: too many local variables
-- fill: OPEN 4000 "for i = 1, 2 do "
-- file:
@OPEN@
