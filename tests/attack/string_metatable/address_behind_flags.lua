-- SPDX-License-Identifier: Apache-2.0
-- The same behind flags and a width.
-- expect: rule_error: no '%p'
-- run:
return ('%-20p'):format({})
