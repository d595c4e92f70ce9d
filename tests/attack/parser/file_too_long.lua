-- SPDX-License-Identifier: Apache-2.0
-- A chain long enough to bring the interpreter down, if it were compiled.
-- expect: load error: larger than a file may be
-- fill: LINKS 100000 ".x"
-- file:
local a = {} local b = a@LINKS@ + 1
