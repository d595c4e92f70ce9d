-- SPDX-License-Identifier: Apache-2.0
-- A jump to a label that is not there.
-- expect: load error: no visible label
-- file:
goto nowhere
