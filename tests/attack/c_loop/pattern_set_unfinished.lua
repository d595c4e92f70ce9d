-- SPDX-License-Identifier: Apache-2.0
-- A set that ends with the pattern.
-- expect: rule_error: malformed pattern
-- run:
('a'):find('[a')
