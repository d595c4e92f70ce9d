-- SPDX-License-Identifier: Apache-2.0
-- A name of the environment taken away.
-- expect: rule_error: is not local
-- run:
local env = _ENV env.string = nil
