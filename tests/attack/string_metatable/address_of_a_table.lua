-- SPDX-License-Identifier: Apache-2.0
-- An address shows where things lie, and differs from run to run.
-- expect: rule_error: no '%p'
-- run:
return ('%p'):format({})
