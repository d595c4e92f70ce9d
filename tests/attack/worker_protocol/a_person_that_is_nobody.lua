-- SPDX-License-Identifier: Apache-2.0
-- A person whom nobody knows.
-- expect: answer: [{"assign":{"line":7,"person":"nobody-knows-me"}}]
-- engine: rule_error: there is neither a role nor a person "nobody-knows-me"
-- run:
c:assign('nobody-knows-me')
