-- SPDX-License-Identifier: Apache-2.0
-- An attribute that Lua does not have.
-- expect: load error: unknown attribute
-- file:
local x <gc> = 42
