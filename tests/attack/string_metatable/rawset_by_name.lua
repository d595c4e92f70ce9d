-- SPDX-License-Identifier: Apache-2.0
-- Writing round a read-only table.
-- expect: load error: unknown name "rawset"
-- run:
rawset(string, 'rep', nil)
