-- SPDX-License-Identifier: Apache-2.0
-- A variable to be closed that cannot be.
-- expect: load error: non-closable
-- file:
local x <close> = 42
