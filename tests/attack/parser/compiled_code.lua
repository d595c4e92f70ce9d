-- SPDX-License-Identifier: Apache-2.0
-- Compiled code instead of text: it is not verified, and one changed byte crashes.
-- expect: load error: attempt to load a binary chunk
-- fill: CODE 1 "\u001bLuaTS"
-- file:
@CODE@
