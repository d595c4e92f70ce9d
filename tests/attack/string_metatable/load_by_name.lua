-- SPDX-License-Identifier: Apache-2.0
-- Code from a text.
-- expect: load error: unknown name "load"
-- run:
load('while true do end')()
