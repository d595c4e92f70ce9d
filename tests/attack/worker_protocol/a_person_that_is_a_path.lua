-- SPDX-License-Identifier: Apache-2.0
-- A person whose key is a path.
-- expect: rule_error: expected a role
-- run:
c:assign('../li')
