-- SPDX-License-Identifier: Apache-2.0
-- A position that is a fraction.
-- expect: rule_error: number has no integer representation
-- run:
return ('abc'):sub(1.5)
