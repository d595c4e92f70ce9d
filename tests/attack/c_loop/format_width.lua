-- SPDX-License-Identifier: Apache-2.0
-- A width beyond what is allowed.
-- expect: rule_error: invalid conversion
-- run:
('%99999s'):format('x')
