-- SPDX-License-Identifier: Apache-2.0
-- An event whose name is empty.
-- expect: answer: [{"emit":""}]
-- engine: rule_error: expected the name of an event
-- run:
c:emit('')
