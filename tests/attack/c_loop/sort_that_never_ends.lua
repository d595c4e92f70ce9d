-- SPDX-License-Identifier: Apache-2.0
-- An order function that does not return.
-- expect: rule_overrun
-- run:
table.sort({ 1, 2 }, function() while true do end end)
