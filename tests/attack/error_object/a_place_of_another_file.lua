-- SPDX-License-Identifier: Apache-2.0
-- An error that claims to be from another team's file.
-- expect: rule_error: attack.lua:
-- run:
error('teams/other/workflows/x.lua:3: stolen', 0)
