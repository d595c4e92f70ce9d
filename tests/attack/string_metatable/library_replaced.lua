-- SPDX-License-Identifier: Apache-2.0
-- A function of the library replaced.
-- expect: rule_error: the library string is read-only
-- run:
string.rep = function() end
