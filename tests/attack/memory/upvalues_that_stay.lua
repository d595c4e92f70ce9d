-- SPDX-License-Identifier: Apache-2.0
-- Variables that outlive their loops.
-- expect: rule_overrun
-- run:
local all = {} while true do local a, b, d = {}, {}, {} all[#all + 1] = function() return a, b, d end end
