-- SPDX-License-Identifier: Apache-2.0
-- Balanced brackets without the brackets.
-- expect: rule_error: malformed pattern
-- run:
('a'):find('%b')
