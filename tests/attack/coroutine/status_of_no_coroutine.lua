-- SPDX-License-Identifier: Apache-2.0
-- The status of a text.
-- expect: rule_error: coroutine expected
-- run:
coroutine.status('x')
