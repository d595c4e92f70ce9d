-- SPDX-License-Identifier: Apache-2.0
-- A refusal whose reason is no text.
-- expect: rule_error: the reason of a refusal must be text
-- guard:
return false, '\xff'
