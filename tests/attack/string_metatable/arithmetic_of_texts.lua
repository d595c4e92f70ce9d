-- SPDX-License-Identifier: Apache-2.0
-- Texts that are added: the library would do it by its metatable.
-- expect: answer: 15
-- run:
return tostring('10' + 5)
