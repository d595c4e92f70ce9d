-- SPDX-License-Identifier: Apache-2.0
-- A name by which error messages would call a table.
-- expect: rule_error: there is no __name here
-- run:
setmetatable({}, { __name = 'userdata' })
