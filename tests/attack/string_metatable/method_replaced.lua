-- SPDX-License-Identifier: Apache-2.0
-- A method of all texts replaced: everybody who calls it would run the script's.
-- expect: rule_error: attempt to index a string value
-- run:
('').rep = function() while true do end end
