-- SPDX-License-Identifier: Apache-2.0
-- A text that is called.
-- expect: rule_error: attempt to call a string value
-- run:
return ('x')()
