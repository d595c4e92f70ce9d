-- SPDX-License-Identifier: Apache-2.0
-- Ten thousand mistakes in one file: the list of them is bounded too.
-- expect: load error: is not local
-- fill: ASSIGN 10000 "x = 1 "
-- file:
@ASSIGN@
