-- SPDX-License-Identifier: Apache-2.0
-- People whose keys are paths.
-- expect: rule_error: must return their keys
-- who:
return '../../etc/passwd'
