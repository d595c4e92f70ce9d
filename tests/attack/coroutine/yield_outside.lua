-- SPDX-License-Identifier: Apache-2.0
-- A yield where nothing was resumed.
-- expect: rule_error: outside a coroutine
-- run:
coroutine.yield()
