-- SPDX-License-Identifier: Apache-2.0
-- A refusal whose reason is a table.
-- expect: rule_error: the reason of a refusal must be text
-- guard:
return false, { 'because' }
