-- SPDX-License-Identifier: Apache-2.0
-- A format in a field's name, which the refusal quotes.
-- expect: rule_error: unknown field "%s%s%n%99999d"
-- run:
return c.fields['%s%s%n%99999d']
