-- SPDX-License-Identifier: Apache-2.0
-- An event whose name is longer than a name may be.
-- expect: answer: [{"emit":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}]
-- engine: rule_error: expected the name of an event
-- run:
c:emit(('x'):rep(100))
