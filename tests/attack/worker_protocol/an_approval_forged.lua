-- SPDX-License-Identifier: Apache-2.0
-- An event that ends an approval.
-- expect: answer: [{"emit":"approval.one.approved"}]
-- run:
c:emit('approval.one.approved')
