-- SPDX-License-Identifier: Apache-2.0
-- A million events of one call.
-- expect: rule_error: more than 1000 changes and effects
-- run:
for i = 1, 1e6 do c:emit 'y' end
