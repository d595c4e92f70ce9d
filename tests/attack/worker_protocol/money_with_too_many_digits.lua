-- SPDX-License-Identifier: Apache-2.0
-- An amount that does not fit.
-- expect: rule_error: field "cost"
-- run:
c:set('cost', '9999999999999999999999')
