-- SPDX-License-Identifier: Apache-2.0
-- A word itself, never called.
-- expect: load error: expected
-- file:
return workflow
