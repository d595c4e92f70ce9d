-- SPDX-License-Identifier: Apache-2.0
-- A method of the case called on nothing.
-- expect: rule_error: unknown field "x"
-- run:
c.set('name', 'x')
