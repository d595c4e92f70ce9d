-- SPDX-License-Identifier: Apache-2.0
-- A library from outside.
-- expect: load error: unknown name "require"
-- run:
require 'os'
