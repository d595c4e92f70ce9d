-- SPDX-License-Identifier: Apache-2.0
-- A handler that runs on the spent state.
-- expect: load error: unknown name "xpcall"
-- run:
xpcall(function() while true do end end, function() while true do end end)
