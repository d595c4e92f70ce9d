-- SPDX-License-Identifier: Apache-2.0
-- The environment given as a parameter.
-- expect: load error: attempt to call a nil value
-- file:
local function f(_ENV) return workflow 'attack' {} end return f({})
