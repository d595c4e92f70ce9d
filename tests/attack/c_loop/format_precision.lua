-- SPDX-License-Identifier: Apache-2.0
-- A precision beyond what is allowed.
-- expect: rule_error: invalid conversion
-- run:
('%.99999f'):format(1)
