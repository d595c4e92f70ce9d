-- SPDX-License-Identifier: Apache-2.0
-- The registry.
-- expect: load error: unknown name "debug"
-- run:
debug.getregistry()
