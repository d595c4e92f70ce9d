-- SPDX-License-Identifier: Apache-2.0
-- The same through a key that is computed.
-- expect: rule_error: attempt to index a string value
-- run:
local text = '' text['up' .. 'per'] = nil
