-- SPDX-License-Identifier: Apache-2.0
-- People who are a list that holds itself.
-- expect: rule_error: nested too deeply
-- who:
local t = {} t[1] = t return t
