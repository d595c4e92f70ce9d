-- SPDX-License-Identifier: Apache-2.0
-- A method of the case called on something else.
-- expect: answer: x
-- run:
c.set({}, 'name', 'x')
