-- SPDX-License-Identifier: Apache-2.0
-- An event that ends an approval.
-- expect: answer: [{"emit":"approval.one.approved"}]
-- engine: rule_error: expected the name of an event
-- run:
c:emit('approval.one.approved')
