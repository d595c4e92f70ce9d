-- SPDX-License-Identifier: Apache-2.0
-- Steering the collector has been the way into another engine.
-- expect: load error: unknown name "collectgarbage"
-- run:
collectgarbage()
