-- SPDX-License-Identifier: Apache-2.0
-- The environment as a table.
-- expect: load error: is not local
-- calls: 2
-- run:
_ENV['calls'] = 1
