-- SPDX-License-Identifier: Apache-2.0
-- The error of a wrapped one passes through its caller.
-- expect: rule_error: inside
-- run:
coroutine.wrap(function() error 'inside' end)()
