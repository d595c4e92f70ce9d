-- SPDX-License-Identifier: Apache-2.0
-- A finalizer on the environment.
-- expect: rule_error: this table is read-only
-- run:
setmetatable(_ENV, { __gc = function() end })
