-- SPDX-License-Identifier: Apache-2.0
-- A name put into the environment.
-- expect: load error: is not local
-- run:
_ENV.stolen = c
