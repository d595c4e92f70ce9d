-- SPDX-License-Identifier: Apache-2.0
-- An error that is a function.
-- expect: rule_error: an error that is no text (function)
-- run:
error(function() while true do end end)
