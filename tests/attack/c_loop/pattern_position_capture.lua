-- SPDX-License-Identifier: Apache-2.0
-- A back reference to a position, which has no length.
-- expect: answer: nil
-- run:
return tostring(('aaa'):match('()%1a'))
