-- SPDX-License-Identifier: Apache-2.0
-- The way out of another engine's sandbox: a package left behind.
-- expect: load error: unknown name "package"
-- run:
package.loadlib('liblua5.4.so.0', 'luaopen_io')
