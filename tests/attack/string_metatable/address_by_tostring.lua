-- SPDX-License-Identifier: Apache-2.0
-- The text of a table.
-- expect: answer: tablefunctionthread
-- run:
return tostring({}) .. tostring(tostring) .. tostring(coroutine.create(error))
