-- SPDX-License-Identifier: Apache-2.0
-- A priority of the script's own.
-- expect: rule_error: expected low, normal
-- run:
c:priority('highest')
