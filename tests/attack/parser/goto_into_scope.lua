-- SPDX-License-Identifier: Apache-2.0
-- A jump past the declaration of a local variable.
-- expect: load error: jumps into the scope
-- file:
goto on local x ::on:: x = 1 return x
