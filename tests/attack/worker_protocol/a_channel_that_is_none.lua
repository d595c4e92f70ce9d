-- SPDX-License-Identifier: Apache-2.0
-- A channel that the team does not have.
-- expect: answer: [{"notify":{"channel":"nowhere"},"template":"x"}]
-- engine: answer: n
-- run:
c:notify(channel 'nowhere', 'x')
