-- SPDX-License-Identifier: Apache-2.0
-- Thousands of nodes on one line, each wrong: the nth word of a line is counted from its start.
-- expect: load error: 
-- fill: NODES 6000 "on{1},"
-- file:
return workflow "attack" { key = "AT", @NODES@ }
