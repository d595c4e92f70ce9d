-- SPDX-License-Identifier: Apache-2.0
-- More local variables than a function has registers.
-- expect: load error: too many local variables
-- fill: LOCALS 300 "local a "
-- file:
@LOCALS@
