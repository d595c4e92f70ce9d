-- SPDX-License-Identifier: Apache-2.0
-- Ends whose difference wraps: CVE-2025-46817 came about so.
-- expect: rule_error: at most 250 values
-- run:
table.unpack({}, math.mininteger, math.maxinteger)
