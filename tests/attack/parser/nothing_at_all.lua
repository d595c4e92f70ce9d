-- SPDX-License-Identifier: Apache-2.0
-- An empty file.
-- expect: load error: expected "return workflow
-- file:

