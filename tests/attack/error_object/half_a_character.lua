-- SPDX-License-Identifier: Apache-2.0
-- A text that is cut in the middle of a character.
-- expect: rule_error: ää
-- run:
error(('ä'):rep(1000), 0)
