-- SPDX-License-Identifier: Apache-2.0
-- A person whom nobody knows.
-- expect: answer: [{"assign":{"person":"nobody-knows-me"}}]
-- engine: answer: n
-- run:
c:assign('nobody-knows-me')
