-- SPDX-License-Identifier: Apache-2.0
-- Bytes that are no text in UTF-8.
-- expect: load error: not UTF-8
-- fill: BYTES 1 "\xff\xfe"
-- file:
local x = '@BYTES@' return workflow "attack" { key = "AT", state "one" }
