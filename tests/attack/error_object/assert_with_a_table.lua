-- SPDX-License-Identifier: Apache-2.0
-- assert hands on whatever it is given.
-- expect: rule_error: an error that is no text (table)
-- run:
assert(false, setmetatable({}, { __tostring = function() while true do end end }))
