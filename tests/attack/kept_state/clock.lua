-- SPDX-License-Identifier: Apache-2.0
-- The time of the server.
-- expect: load error: unknown name "os"
-- run:
return tostring(os.time())
