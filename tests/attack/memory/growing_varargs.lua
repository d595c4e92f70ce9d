-- SPDX-License-Identifier: Apache-2.0
-- A call that passes on more values each time.
-- expect: rule_error: more than 250 values
-- run:
local function g(...) return g(nil, nil, nil, nil, nil, nil, nil, nil, ...) end g()
