-- SPDX-License-Identifier: Apache-2.0
-- A product that does not fit.
-- expect: rule_error: more than 18 digits
-- run:
local x = decimal '999999999999999999' return tostring(x * x)
