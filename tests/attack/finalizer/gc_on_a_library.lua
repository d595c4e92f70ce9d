-- SPDX-License-Identifier: Apache-2.0
-- A finalizer on a library.
-- expect: rule_error: this table is read-only
-- run:
setmetatable(math, { __gc = function() end })
