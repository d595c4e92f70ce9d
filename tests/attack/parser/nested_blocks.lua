-- SPDX-License-Identifier: Apache-2.0
-- Blocks nested deeper than the parser's recursion may go.
-- expect: load error: overflow
-- fill: OPEN 20000 "do "
-- file:
@OPEN@
