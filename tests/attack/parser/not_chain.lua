-- SPDX-License-Identifier: Apache-2.0
-- A chain of not.
-- expect: load error: overflow
-- fill: CHAIN 15000 "not "
-- file:
return @CHAIN@x
