-- SPDX-License-Identifier: Apache-2.0
-- More places than there are.
-- expect: rule_error: round to 0 to 6 places
-- run:
return tostring((decimal '1'):round(1 << 40))
