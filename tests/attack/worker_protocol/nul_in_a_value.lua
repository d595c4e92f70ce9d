-- SPDX-License-Identifier: Apache-2.0
-- A text with a NUL byte, which cuts it short for whoever reads C.
-- expect: load error: may not hold a NUL byte
-- run:
c:set('name', 'before\0after')
