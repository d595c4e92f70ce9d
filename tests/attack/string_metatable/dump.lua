-- SPDX-License-Identifier: Apache-2.0
-- Compiled code from a function.
-- expect: rule_error: attempt to call a nil value
-- run:
return string.dump(function() end)
