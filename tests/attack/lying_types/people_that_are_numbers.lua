-- SPDX-License-Identifier: Apache-2.0
-- People who are numbers.
-- expect: rule_error: must return their keys
-- who:
return { 1, 2, 3 }
