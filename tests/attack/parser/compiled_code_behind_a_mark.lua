-- SPDX-License-Identifier: Apache-2.0
-- Compiled code behind a byte order mark.
-- expect: load error: 
-- fill: MARK 1 "\ufeff"
-- fill: CODE 1 "\u001bLuaTS"
-- file:
@MARK@@CODE@
