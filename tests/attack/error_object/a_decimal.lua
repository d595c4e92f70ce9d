-- SPDX-License-Identifier: Apache-2.0
-- An error that is a decimal.
-- expect: rule_error: an error that is no text (userdata)
-- run:
error(decimal '1.5')
