-- SPDX-License-Identifier: Apache-2.0
-- Timers that all have one name.
-- expect: answer: [{"after":"1 day","id":"t","send":"y"},{"after":"1 day","id":"t","send":"y"},{"after":"1 day","id":"t","send":"y"}]
-- engine: answer: n
-- run:
for i = 1, 3 do c:send('y', { after = '1 day', id = 't' }) end
