-- SPDX-License-Identifier: Apache-2.0
-- Closing is withheld: chains of it have crashed the interpreter.
-- expect: rule_error: attempt to call a nil value
-- run:
local co = coroutine.create(function() end) coroutine.close(co)
