-- SPDX-License-Identifier: Apache-2.0
-- A coroutine as data.
-- expect: rule_error: is no plain data
-- run:
c:emit('y', { coroutine.create(function() end) })
