-- SPDX-License-Identifier: Apache-2.0
-- Compiled code behind a first line that the standalone interpreter would skip.
-- expect: load error: unexpected symbol
-- fill: CODE 1 "\u001bLuaTS"
-- file:
#!/usr/bin/lua
@CODE@
