-- SPDX-License-Identifier: Apache-2.0
-- Names looked up in a table of the file's own: the words of the language are then not there.
-- expect: load error: attempt to call a nil value
-- file:
local _ENV = {} return workflow 'attack' {}
