-- SPDX-License-Identifier: Apache-2.0
-- The end is caught and a good answer is given.
-- expect: rule_overrun
-- run:
pcall(function() while true do end end) return 'all is well'
