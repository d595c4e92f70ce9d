-- SPDX-License-Identifier: Apache-2.0
-- An event that emits itself for ever, each within its budget.
-- expect: answer: [{"emit":"x"},{"set":{"name":{"value":"x"}}}]
-- engine: answer: x
-- run:
c:emit('x') return 'x'
