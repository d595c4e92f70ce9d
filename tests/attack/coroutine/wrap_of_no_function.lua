-- SPDX-License-Identifier: Apache-2.0
-- A coroutine of a table.
-- expect: rule_error: function expected
-- run:
coroutine.wrap({})
