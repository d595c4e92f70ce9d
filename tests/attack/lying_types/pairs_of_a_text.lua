-- SPDX-License-Identifier: Apache-2.0
-- A loop over a text.
-- expect: rule_error: pairs of a string
-- run:
for _ in pairs('x') do end
