-- SPDX-License-Identifier: Apache-2.0
-- A finalizer on the case.
-- expect: rule_error: this table is read-only
-- run:
setmetatable(c, { __gc = function() end })
