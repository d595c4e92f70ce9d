-- SPDX-License-Identifier: Apache-2.0
-- A workflow that holds itself.
-- expect: load error: cannot stand in
-- file:
local t = {} local w = workflow 'attack' (t) t[1] = w return w
