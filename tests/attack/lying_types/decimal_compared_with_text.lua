-- SPDX-License-Identifier: Apache-2.0
-- An amount compared with a text.
-- expect: rule_error: a decimal and a string
-- run:
return tostring(c.fields.cost > '5')
