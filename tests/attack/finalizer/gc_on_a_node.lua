-- SPDX-License-Identifier: Apache-2.0
-- A finalizer on a word of the language.
-- expect: load error: this table is read-only
-- file:
setmetatable(state 'one', { __gc = function() end })
