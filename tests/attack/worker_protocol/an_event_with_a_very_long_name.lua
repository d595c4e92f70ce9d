-- SPDX-License-Identifier: Apache-2.0
-- An event whose name is longer than a name may be.
-- expect: answer: [{"emit":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}]
-- run:
c:emit(('x'):rep(100))
