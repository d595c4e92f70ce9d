-- SPDX-License-Identifier: Apache-2.0
-- A library as a store.
-- expect: rule_error: the library string is read-only
-- calls: 2
-- run:
string.calls = 1
