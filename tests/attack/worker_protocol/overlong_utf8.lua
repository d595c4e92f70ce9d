-- SPDX-License-Identifier: Apache-2.0
-- A character written longer than need be, which hides it from filters.
-- expect: rule_error: not UTF-8
-- run:
c:set('name', '\xc0\xaf')
