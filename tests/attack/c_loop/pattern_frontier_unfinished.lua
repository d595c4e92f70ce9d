-- SPDX-License-Identifier: Apache-2.0
-- A frontier without its set.
-- expect: rule_error: missing '['
-- run:
('a'):find('%f')
