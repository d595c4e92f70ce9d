-- SPDX-License-Identifier: Apache-2.0
-- A workflow whose name is a path.
-- expect: load error: 
-- team:
return team 't' { use '../../../etc/passwd' }
