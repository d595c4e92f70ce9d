-- SPDX-License-Identifier: Apache-2.0
-- The file itself raises nothing.
-- expect: load error: an error that is no text (nil)
-- file:
error(nil)
