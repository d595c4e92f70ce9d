-- SPDX-License-Identifier: Apache-2.0
-- The text of a table in a format.
-- expect: answer: table
-- run:
return ('%s'):format({})
