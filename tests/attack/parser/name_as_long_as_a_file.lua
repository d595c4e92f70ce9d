-- SPDX-License-Identifier: Apache-2.0
-- A name of 60,000 letters: every message that quotes it would be as long.
-- expect: load error: unknown word
-- fill: NAME 60000 "a"
-- file:
return @NAME@
