-- SPDX-License-Identifier: Apache-2.0
-- A team that claims to be another one.
-- expect: load error: name both alike
-- team:
return team 'other' { use 'attack' }
