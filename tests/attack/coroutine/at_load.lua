-- SPDX-License-Identifier: Apache-2.0
-- An endless loop in a coroutine while the file is loaded.
-- expect: load error: stopped: more than
-- file:
coroutine.wrap(function() while true do end end)()
