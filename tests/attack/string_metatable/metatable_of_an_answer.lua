-- SPDX-License-Identifier: Apache-2.0
-- A metatable with the mark by which the sandbox knows its own lists.
-- expect: answer: [{"data":[1],"emit":"x"}]
-- engine: rule_error: expected data to be a record
-- run:
c:emit('x', setmetatable({ 1 }, { __json = 'object' })) 
