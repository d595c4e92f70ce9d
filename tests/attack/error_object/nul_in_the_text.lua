-- SPDX-License-Identifier: Apache-2.0
-- An error with a NUL byte in it.
-- expect: load error: may not hold a NUL byte
-- run:
error('before\0after', 0)
