-- SPDX-License-Identifier: Apache-2.0
-- A file of the server.
-- expect: load error: unknown name "io"
-- run:
io.open('/etc/passwd')
