-- SPDX-License-Identifier: Apache-2.0
-- An event whose name is empty.
-- expect: answer: [{"emit":""}]
-- run:
c:emit('')
