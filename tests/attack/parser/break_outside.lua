-- SPDX-License-Identifier: Apache-2.0
-- A break outside any loop.
-- expect: load error: break outside
-- file:
break
