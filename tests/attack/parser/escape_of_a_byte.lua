-- SPDX-License-Identifier: Apache-2.0
-- Bytes written as escapes, in the name of an event.
-- expect: load error: 
-- file:
return workflow 'attack' { key = 'AT', state 'one' { on '\xff\xfe' { to = 'one' } } }
