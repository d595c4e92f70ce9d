-- SPDX-License-Identifier: Apache-2.0
-- Classes of bytes above 127 must not be read outside a table.
-- expect: answer: 1
-- run:
return tostring(('\xff\x80'):match('^[%a%d%s%p%c]*()'))
