-- SPDX-License-Identifier: Apache-2.0
-- A percent sign with nothing behind it.
-- expect: rule_error: malformed pattern
-- run:
('a'):find('%')
