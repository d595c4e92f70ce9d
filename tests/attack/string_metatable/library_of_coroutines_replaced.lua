-- SPDX-License-Identifier: Apache-2.0
-- A function of the library that counts.
-- expect: rule_error: the library coroutine is read-only
-- run:
coroutine.wrap = function() end
