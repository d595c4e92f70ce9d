-- SPDX-License-Identifier: Apache-2.0
-- A global name.
-- expect: load error: is not local
-- run:
calls = (calls or 0) + 1 return 'call ' .. calls
