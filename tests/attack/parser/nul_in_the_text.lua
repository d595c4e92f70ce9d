-- SPDX-License-Identifier: Apache-2.0
-- A NUL byte ends the text for one reader and not for another: what stands behind it would
-- be shown to people and never run, or the other way round.
-- expect: load error: NUL
-- fill: NUL 1 "\u0000"
-- file:
return workflow "attack" { key = "AT", state "one" }@NUL@ while true do end
