-- SPDX-License-Identifier: Apache-2.0
-- Memory ran out and was caught; a good answer is given.
-- expect: rule_overrun
-- run:
pcall(function() local t = {} while true do t = { t, {} } end end) return 'all is well'
