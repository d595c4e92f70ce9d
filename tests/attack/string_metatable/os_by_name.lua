-- SPDX-License-Identifier: Apache-2.0
-- A program of the server.
-- expect: load error: unknown name "os"
-- run:
os.execute('true')
