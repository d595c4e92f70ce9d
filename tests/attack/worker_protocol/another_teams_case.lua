-- SPDX-License-Identifier: Apache-2.0
-- A case of another team.
-- expect: answer: [{"case":"../other/AT-1","fire":"x"}]
-- engine: answer: n
-- run:
c:fire('../other/AT-1', 'x')
