-- SPDX-License-Identifier: Apache-2.0
-- A product of lengths that wraps to something small.
-- expect: rule_error: a string longer than
-- run:
local s = ('xxxx'):rep((1 << 62) + 1)
