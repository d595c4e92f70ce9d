-- SPDX-License-Identifier: Apache-2.0
-- A team where a workflow stands.
-- expect: load error: a team stands in team.lua
-- file:
return team 'attack' {}
