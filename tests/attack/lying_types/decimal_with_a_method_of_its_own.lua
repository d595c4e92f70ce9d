-- SPDX-License-Identifier: Apache-2.0
-- A method on all decimals.
-- expect: rule_error: attempt to index a
-- run:
(decimal '1').round = function() end
