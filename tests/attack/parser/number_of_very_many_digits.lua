-- SPDX-License-Identifier: Apache-2.0
-- A number of 50,000 digits.
-- expect: load error: expected "return workflow
-- fill: DIGITS 50000 "f"
-- file:
return 0x@DIGITS@
