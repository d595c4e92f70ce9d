-- SPDX-License-Identifier: Apache-2.0
-- A condition that changes the case.
-- expect: rule_error: decides and changes nothing
-- guard:
c:set('name', 'x') return true
