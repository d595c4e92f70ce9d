-- SPDX-License-Identifier: Apache-2.0
-- A new function in the library.
-- expect: rule_error: the library string is read-only
-- run:
string.evil = function() end
