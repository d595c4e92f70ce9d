-- SPDX-License-Identifier: Apache-2.0
-- A back reference to capture 0.
-- expect: rule_error: invalid capture index
-- run:
('a'):find('(a)%0')
