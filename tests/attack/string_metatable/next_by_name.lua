-- SPDX-License-Identifier: Apache-2.0
-- The order of a table as it lies in memory.
-- expect: load error: unknown name "next"
-- run:
return tostring(next(c.fields))
