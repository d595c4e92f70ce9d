-- SPDX-License-Identifier: Apache-2.0
-- Reading a method of a text gives the bounded function.
-- expect: answer: truenilnil
-- run:
return tostring(('x').rep == string.rep) .. tostring(('x').dump) .. tostring(('x').pack)
