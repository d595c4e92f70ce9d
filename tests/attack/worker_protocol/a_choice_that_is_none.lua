-- SPDX-License-Identifier: Apache-2.0
-- A word that is none of the choices.
-- expect: rule_error: field "class"
-- run:
c:set('class', 'huge')
