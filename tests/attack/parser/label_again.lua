-- SPDX-License-Identifier: Apache-2.0
-- The same label in blocks side by side, and in one block.
-- expect: load error: label 'a' already defined
-- file:
::a:: do ::b:: end do ::b:: end ::a::
