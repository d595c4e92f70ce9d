-- SPDX-License-Identifier: Apache-2.0
-- How much memory there is tells how often one was called.
-- expect: load error: unknown name "collectgarbage"
-- run:
return collectgarbage('count')
