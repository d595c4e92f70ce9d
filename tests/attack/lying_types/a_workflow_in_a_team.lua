-- SPDX-License-Identifier: Apache-2.0
-- A workflow where a team stands.
-- expect: load error: team.lua holds a team
-- team:
return workflow 't' { key = 'AT', state 'one' }
