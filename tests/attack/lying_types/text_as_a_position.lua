-- SPDX-License-Identifier: Apache-2.0
-- A position that is a text.
-- expect: answer: bc
-- run:
return ('abc'):sub('2')
