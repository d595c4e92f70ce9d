-- SPDX-License-Identifier: Apache-2.0
-- A name of data with a NUL byte in it.
-- expect: load error: may not hold a NUL byte
-- run:
c:emit('y', { ['before\0after'] = 1 })
