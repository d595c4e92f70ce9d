-- SPDX-License-Identifier: Apache-2.0
-- Binary data, whose library has had overflows.
-- expect: rule_error: attempt to call a nil value
-- run:
return string.pack('i16', 1)
