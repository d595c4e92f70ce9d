-- SPDX-License-Identifier: Apache-2.0
-- A value that is no text.
-- expect: rule_error: not UTF-8
-- run:
c:set('name', '\xff\xfe')
