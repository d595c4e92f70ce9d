-- SPDX-License-Identifier: Apache-2.0
-- The other direction.
-- expect: rule_error: attempt to call a nil value
-- run:
return string.unpack('i16', 'x')
