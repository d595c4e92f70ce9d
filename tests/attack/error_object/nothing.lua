-- SPDX-License-Identifier: Apache-2.0
-- An error of nil.
-- expect: rule_error: an error that is no text (nil)
-- run:
error(nil)
