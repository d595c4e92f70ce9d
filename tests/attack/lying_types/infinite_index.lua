-- SPDX-License-Identifier: Apache-2.0
-- A position that is infinite.
-- expect: rule_error: number has no integer representation
-- run:
return ('abc'):sub(math.huge)
