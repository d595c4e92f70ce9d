-- SPDX-License-Identifier: Apache-2.0
-- The file itself raises a table.
-- expect: load error: an error that is no text (table)
-- file:
error {}
