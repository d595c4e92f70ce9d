-- SPDX-License-Identifier: Apache-2.0
-- An error whose text is another error: converted outside a protected call it ends the process.
-- expect: rule_error: an error that is no text (table)
-- run:
error(setmetatable({}, { __tostring = function() error 'again' end }))
