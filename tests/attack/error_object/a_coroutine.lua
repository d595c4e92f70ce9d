-- SPDX-License-Identifier: Apache-2.0
-- An error that is a coroutine.
-- expect: rule_error: an error that is no text (thread)
-- run:
error(coroutine.create(function() end))
