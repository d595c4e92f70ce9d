-- SPDX-License-Identifier: Apache-2.0
-- A loop without a loop statement, while the file is loaded.
-- expect: load error: stopped: more than
-- file:
::a:: goto a
