-- SPDX-License-Identifier: Apache-2.0
-- Functions within functions: each level is a recursion of the parser and of the scanner of
-- compiled functions.
-- expect: load error: overflow
-- fill: OPEN 2500 "return function() "
-- file:
@OPEN@
