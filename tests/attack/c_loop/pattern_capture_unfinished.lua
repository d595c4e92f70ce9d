-- SPDX-License-Identifier: Apache-2.0
-- A capture that is never closed.
-- expect: rule_error: unfinished capture
-- run:
('a'):find('(a')
