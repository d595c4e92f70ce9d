-- SPDX-License-Identifier: Apache-2.0
-- A half of a character, which no reader of JSON would take.
-- expect: load error: not UTF-8
-- fill: BYTES 1 "\xed\xa0\x80"
-- file:
local x = '@BYTES@' return workflow "attack" { key = "AT", state "one" }
