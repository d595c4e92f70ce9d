-- SPDX-License-Identifier: Apache-2.0
-- A number that differs from run to run.
-- expect: rule_error: attempt to call a nil value
-- run:
return tostring(math.random())
