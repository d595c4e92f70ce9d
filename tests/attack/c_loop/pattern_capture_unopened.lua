-- SPDX-License-Identifier: Apache-2.0
-- A capture that was never opened.
-- expect: rule_error: invalid pattern capture
-- run:
('a'):match('a)')
