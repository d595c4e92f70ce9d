-- SPDX-License-Identifier: Apache-2.0
-- A function of the library taken away.
-- expect: rule_error: the library string is read-only
-- run:
string.format = nil
