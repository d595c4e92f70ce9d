-- SPDX-License-Identifier: Apache-2.0
-- A pattern with calls back of its own.
-- expect: answer: true
-- run:
return tostring(matches('x', '(?C1)x(?C"text")'))
