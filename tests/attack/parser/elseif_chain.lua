-- SPDX-License-Identifier: Apache-2.0
-- Thousands of escapes that all wait for one end.
-- expect: load error: expected "return workflow
-- fill: CHAIN 3400 " elseif a then"
-- file:
local a if a then @CHAIN@ end return 7
