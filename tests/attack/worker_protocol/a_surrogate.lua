-- SPDX-License-Identifier: Apache-2.0
-- A half of a character.
-- expect: rule_error: not UTF-8
-- run:
c:set('name', '\xed\xa0\x80')
